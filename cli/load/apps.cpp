#include "load/apps.hpp"

#include <algorithm>
#include <filesystem>

#include "load/app_fields.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "load/tree_of_json.hpp"

namespace cctl {
namespace {

class AppsReader {
 public:
  AppsReader(const Reader& reader, const std::string& directory) : r_(reader), directory_(directory) {}

  std::vector<ReadApp> read(const Tree& tree) {
    r_.items(tree, [&](const Tree& item) {
      if (item.kind != Tree::Kind::map)
        return r_.mistakes.error(item.mark, "an app is a map: Marathon's definition, or {file: web.json}");
      if (item.find("file"))
        from_file(item);
      else
        add(item, item.mark);
    });
    return std::move(out_);
  }

 private:
  void from_file(const Tree& item) {
    std::string name;
    r_.map(item, {{"file", r_.text(name)}});
    if (name.empty()) return;
    const Mark at = item.find("file")->mark;
    const std::string path = (std::filesystem::path(directory_) / name).lexically_normal().string();
    std::string fault;
    const auto text = read_text_file(path, fault);
    if (!text) return r_.mistakes.error(at, fmt::format("app file {} cannot be read: {}", quote(name), fault));
    const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    Mistakes here;
    const Tree tree = (yaml ? parse_yaml : parse_json)(*text, path, here);
    for (const Mistake& m : here.in_file_order())
      m.warning ? r_.mistakes.warning(m.mark, m.text) : r_.mistakes.error(m.mark, m.text);
    if (tree.kind == Tree::Kind::map) return add(tree, item.mark);
    if (tree.kind == Tree::Kind::list)
      return r_.mistakes.error(tree.mark, "a list of apps is not taken: write each of them as an app of its own");
    if (!here.any_error()) r_.mistakes.error({path, 1, 1}, "an app's definition is one map, or one object of JSON");
  }

  void add(Tree app, const Mark& mark) {
    if (const Tree* inner = app.find("app"); inner && inner->kind == Tree::Kind::map && !app.find("id")) {
      r_.mistakes.warning(inner->key_mark, "what Marathon answers about an app: the definition under app is taken");
      app = Tree(*inner);
    }
    for (const NoApp& other : no_apps())
      if (const Tree* key = app.find(std::string(other.key)))
        return r_.mistakes.error(key->key_mark, fmt::format("this is {}, known by {}: apps: takes apps, as Marathon's "
                                                            "/v2/apps does",
                                                            other.is, quote(other.key)));
    leave_out_answers(app);
    const auto at = std::find_if(app.items.begin(), app.items.end(), [](const Tree& t) { return t.key == "id"; });
    if (at == app.items.end()) return r_.mistakes.error(app.mark, "an app needs an id, as /web");
    const std::string id = id_of(*at);
    if (id.empty()) return;
    const auto twin = std::find_if(out_.begin(), out_.end(), [&](const ReadApp& other) { return other.app.id == id; });
    if (twin != out_.end())
      return r_.mistakes.error(at->mark,
                               fmt::format("the app {} is already that on line {}", quote(id), twin->app.mark.line));
    at->text = id;
    at->plain = false;
    std::string json = json_of(app);
    out_.push_back({{id, std::move(json), mark}, std::move(app)});
  }

  // With its first slash and without a last one, as Marathon reads it; empty after a mistake.
  std::string id_of(const Tree& given) {
    if (kind_of(given) != "text") {
      r_.mistakes.error(given.mark, fmt::format("bad id {}: an app's id is a text", quote(given.text)));
      return "";
    }
    std::string id = given.text.starts_with('/') ? given.text : "/" + given.text;
    if (id.size() > 1 && id.ends_with('/')) id.pop_back();
    const std::string fault = is_app_id(id);
    if (!fault.empty()) r_.mistakes.error(given.mark, fmt::format("bad id {}: {}", quote(given.text), fault));
    return fault.empty() ? id : "";
  }

  void leave_out_answers(Tree& app) {
    std::string names;
    const Tree* first = nullptr;
    for (const auto& key : app_answers())
      if (const Tree* item = app.find(std::string(key))) {
        names += (names.empty() ? "" : ", ") + item->key;
        first = first ? first : item;
      }
    if (!first) return;
    r_.mistakes.warning(first->key_mark, fmt::format("left out, since Marathon answers it and is not told: {}", names));
    const auto& answers = app_answers();
    std::erase_if(app.items, [&](const Tree& t) { return std::count(answers.begin(), answers.end(), t.key) > 0; });
  }

  const Reader& r_;
  const std::string& directory_;
  std::vector<ReadApp> out_;
};

}  // namespace

std::vector<ReadApp> read_apps(const Tree& tree, const Reader& reader, const std::string& directory) {
  return AppsReader(reader, directory).read(tree);
}

std::optional<ReadApp> read_app_file(const std::string& path, Mistakes& mistakes) {
  Tree file, item, list;
  file.kind = Tree::Kind::text;
  file.text = path;
  file.key = "file";
  item.kind = Tree::Kind::map;
  item.items.push_back(std::move(file));
  list.kind = Tree::Kind::list;
  list.items.push_back(std::move(item));
  const Reader reader(mistakes);
  std::vector<ReadApp> found = read_apps(list, reader, "");
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace cctl
