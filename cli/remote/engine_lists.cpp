// The engine's lists, read without building a tree: a busy host answers with tens of kilobytes, of which little is
// used.
#include "remote/engine_lists.hpp"

#include <nlohmann/json.hpp>

#include "model/cut.hpp"
#include "model/error.hpp"

namespace cctl {
namespace {

// One element of a list: of its own texts, lists of texts and labels those that are used.
struct Row {
  std::string id, image, image_id, state, status;
  std::vector<std::string> names, tags;
  std::map<std::string, std::string> labels;
};

std::string* text_of(Row& row, const std::string& field) {
  return field == "Id"        ? &row.id
         : field == "Image"   ? &row.image
         : field == "ImageID" ? &row.image_id
         : field == "State"   ? &row.state
         : field == "Status"  ? &row.status
                              : nullptr;
}

class Rows : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<Row> rows;
  bool too_many = false;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& text) override {
    if (rows.empty()) return true;
    Row& row = rows.back();
    if (depth_ == 2) {
      if (auto* own = text_of(row, field_)) *own = cut_text(std::move(text));
      return true;
    }
    if (depth_ != 3) return true;
    if (field_ == "Labels")
      row.labels[label_] = cut_text(std::move(text));
    else if (field_ == "Names")
      row.names.push_back(cut_text(std::move(text)));
    else if (field_ == "RepoTags")
      row.tags.push_back(cut_text(std::move(text)));
    else
      return true;
    return fits(++texts_, limits::row_texts);
  }
  bool key(string_t& name) override {
    if (depth_ == 2)
      field_ = std::move(name);
    else if (depth_ == 3)
      label_ = cut_text(std::move(name));
    return true;
  }
  bool start_object(std::size_t) override {
    if (++depth_ != 2) return true;
    rows.emplace_back();
    return fits(rows.size(), limits::rows);
  }
  bool end_object() override { return left(); }
  bool start_array(std::size_t) override {
    ++depth_;
    return true;
  }
  bool end_array() override { return left(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool fits(std::size_t count, std::size_t limit) {
    too_many = count > limit;
    return !too_many;
  }
  bool left() {
    --depth_;
    return true;
  }
  std::size_t texts_ = 0;
  int depth_ = 0;  // 1 inside the list, 2 inside an element
  std::string field_, label_;
};

std::vector<Row> rows_of(const std::string& text, const char* what) {
  Rows reader;
  const bool read = text.starts_with('[') && nlohmann::json::sax_parse(text, &reader);
  if (reader.too_many)
    throw Error("docker: the list of " + std::string(what) + " has more than " + std::to_string(limits::rows) +
                    " entries, or too many names and labels",
                3);
  if (!read) throw Error(std::string("docker: the list of ") + what + " is not JSON", 3);
  return std::move(reader.rows);
}

}  // namespace

void read_containers(const std::string& text, ObservedHost& host) {
  for (auto& row : rows_of(text, "containers")) {
    ObservedContainer container;
    container.id = row.id;
    container.image = row.image;
    container.image_id = row.image_id;
    container.state = row.state;
    container.since = row.status;
    container.labels = std::move(row.labels);
    // Links add names with more than one slash; the container's own has just the leading one.
    for (const auto& name : row.names)
      if (name.rfind('/') == 0) container.name = name.substr(1);
    host.containers.push_back(std::move(container));
  }
}

void read_images(const std::string& text, ObservedHost& host) {
  for (auto& row : rows_of(text, "images"))
    for (auto& tag : row.tags)
      if (tag != "<none>:<none>") {
        host.image_ids[tag] = row.id;
        host.images.insert(std::move(tag));
      }
}

}  // namespace cctl
