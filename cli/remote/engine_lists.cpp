// The engine's lists, read without building a tree: a busy host answers with tens of kilobytes, of which little is
// used.
#include <nlohmann/json.hpp>

#include "remote/observe.hpp"

namespace cctl {
namespace {

// One element of a list: its own texts, the lists of texts inside it, and its labels.
struct Row {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, std::string> labels;
};

class Rows : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<Row> rows;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& text) override {
    if (rows.empty()) return true;
    if (depth_ == 2)
      rows.back().texts[field_] = std::move(text);
    else if (depth_ == 3 && field_ == "Labels")
      rows.back().labels[label_] = std::move(text);
    else if (depth_ == 3 && (field_ == "Names" || field_ == "RepoTags"))
      rows.back().lists[field_].push_back(std::move(text));
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ == 2)
      field_ = std::move(name);
    else if (depth_ == 3)
      label_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) override {
    if (++depth_ == 2) rows.emplace_back();
    return true;
  }
  bool end_object() override { return left(); }
  bool start_array(std::size_t) override {
    ++depth_;
    return true;
  }
  bool end_array() override { return left(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool left() {
    --depth_;
    return true;
  }
  int depth_ = 0;  // 1 inside the list, 2 inside an element
  std::string field_, label_;
};

std::vector<Row> rows_of(const std::string& text, const char* what) {
  Rows reader;
  if (!text.starts_with('[') || !nlohmann::json::sax_parse(text, &reader))
    throw Error(std::string("docker: the list of ") + what + " is not JSON", 3);
  return std::move(reader.rows);
}

}  // namespace

void read_containers(const std::string& text, ObservedHost& host) {
  for (auto& row : rows_of(text, "containers")) {
    ObservedContainer container;
    container.id = row.texts["Id"];
    container.image = row.texts["Image"];
    container.image_id = row.texts["ImageID"];
    container.state = row.texts["State"];
    container.since = row.texts["Status"];
    container.labels = std::move(row.labels);
    // Links add names with more than one slash; the container's own has just the leading one.
    for (const auto& name : row.lists["Names"])
      if (name.rfind('/') == 0) container.name = name.substr(1);
    host.containers.push_back(std::move(container));
  }
}

void read_images(const std::string& text, ObservedHost& host) {
  for (auto& row : rows_of(text, "images"))
    for (auto& tag : row.lists["RepoTags"])
      if (tag != "<none>:<none>") {
        host.image_ids[tag] = row.texts["Id"];
        host.images.insert(std::move(tag));
      }
}

}  // namespace cctl
