#include "load/apps.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "load/text_file.hpp"
#include "load/tree_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// What a definition may hold, in any version of Marathon. Source: its documents of the REST API, 0.8 to 1.5.
const std::vector<std::string> fields = {"acceptedResourceRoles",
                                         "args",
                                         "backoffFactor",
                                         "backoffSeconds",
                                         "cmd",
                                         "constraints",
                                         "container",
                                         "cpus",
                                         "dependencies",
                                         "disk",
                                         "env",
                                         "executor",
                                         "fetch",
                                         "gpus",
                                         "healthChecks",
                                         "id",
                                         "instances",
                                         "ipAddress",
                                         "killSelection",
                                         "labels",
                                         "maxLaunchDelaySeconds",
                                         "mem",
                                         "networks",
                                         "portDefinitions",
                                         "ports",
                                         "readinessChecks",
                                         "requirePorts",
                                         "residency",
                                         "secrets",
                                         "storeUrls",
                                         "taskKillGracePeriodSeconds",
                                         "unreachableStrategy",
                                         "upgradeStrategy",
                                         "uris",
                                         "user",
                                         "version",
                                         "versionInfo"};

class AppsReader {
 public:
  AppsReader(const Reader& reader, const std::string& directory) : r_(reader), directory_(directory) {}

  std::vector<App> read(const Tree& tree) {
    r_.items(tree, [&](const Tree& item) {
      if (item.kind != Tree::Kind::map)
        return r_.mistakes.error(item.mark, "an app is a map: Marathon's definition, or {file: web.json}");
      if (item.find("file"))
        from_file(item);
      else
        inline_app(item);
    });
    return std::move(out_);
  }

 private:
  // "[json.exception.parse_error.101] parse error at line 2, column 3: REASON"
  static std::string reason(const std::string& what) {
    const auto column = what.find("column ");
    const auto end = column == std::string::npos ? column : what.find(": ", column);
    return end == std::string::npos ? what : what.substr(end + 2);
  }

  void from_file(const Tree& item) {
    std::string name;
    r_.map(item, {{"file", r_.text(name)}});
    if (name.empty()) return;
    const Mark at = item.find("file")->mark;
    const std::string path = (std::filesystem::path(directory_) / name).lexically_normal().string();
    std::string fault;
    const auto text = read_text_file(path, fault);
    if (!text) return r_.mistakes.error(at, fmt::format("app file {} cannot be read: {}", quote(name), fault));
    if (name.ends_with(".yml") || name.ends_with(".yaml")) return inline_app(parse_yaml(*text, path, r_.mistakes));
    try {
      add(item, json::parse(*text), [&](const char*) { return Mark{path, 0, 0}; });
    } catch (const json::parse_error& e) {
      const std::string before = text->substr(0, e.byte == 0 ? 0 : e.byte - 1);
      const auto line = 1 + std::count(before.begin(), before.end(), '\n');
      r_.mistakes.error({path, static_cast<int>(line), static_cast<int>(before.size() - (before.rfind('\n') + 1)) + 1},
                        "not JSON: " + reason(e.what()));
    }
  }

  void inline_app(const Tree& item) {
    add(item, json::parse(json_of(item)), [&](const char* key) {
      const Tree* at = item.find(key);
      return at ? at->mark : item.mark;
    });
  }

  template <class Place>
  void add(const Tree& item, const json& app, Place place) {
    const auto wrong = [&](const char* key, const std::string& text) { r_.mistakes.error(place(key), text); };
    if (!app.is_object()) return wrong("id", "an app's definition is one JSON object");
    for (const char* key : {"apps", "groups"})
      if (app.contains(key)) return wrong(key, "a group of apps is not taken: write each of them as an app of its own");
    if (!app.contains("id")) return wrong("id", "an app needs an id, as /web");
    const std::string given = app["id"].is_string() ? app["id"].get<std::string>() : app["id"].dump();
    const std::string id = given.starts_with('/') ? given : "/" + given;
    if (const std::string fault = app["id"].is_string() ? is_app_id(id) : "an app's id is a text"; !fault.empty())
      return wrong("id", fmt::format("bad id {}: {}", quote(given), fault));
    const auto twin = std::find_if(out_.begin(), out_.end(), [&](const App& other) { return other.id == id; });
    if (twin != out_.end())
      return wrong("id", fmt::format("the app {} is already that on line {}", quote(id), twin->mark.line));
    if (app.contains("instances") && app["instances"].is_number_float())
      return wrong("instances", fmt::format("instances of app {} must be a whole number from 0, not {}", quote(id),
                                            app["instances"].dump()));
    for (const auto& [key, value] : app.items())
      if (!std::count(fields.begin(), fields.end(), key))
        if (const std::string guess = did_you_mean(key, fields); !guess.empty())
          r_.mistakes.warning(place(key.c_str()),
                              fmt::format("unknown key {} of app {}{}", quote(key), quote(id), guess));
    for (const char* key : {"instances", "cpus", "mem", "disk"})
      if (app.contains(key) && (!app[key].is_number() || app[key] < 0))
        wrong(key, fmt::format("{} of app {} must be a number from 0, not {}", key, quote(id), app[key].dump()));
    for (const char* key : {"env", "labels"}) texts(app, key, id, wrong);
    out_.push_back({id, app.dump(), item.mark});
  }

  // Marathon refuses numbers here, which YAML makes of an 8080 without quotes.
  template <class Wrong>
  void texts(const json& app, const char* key, const std::string& id, Wrong wrong) {
    if (!app.contains(key)) return;
    if (!app[key].is_object()) return wrong(key, fmt::format("{} of app {} must be a map", key, quote(id)));
    for (const auto& [name, value] : app[key].items())
      if (!value.is_string() && !(value.is_object() && key == std::string("env")))  // an object names a secret
        wrong(key, fmt::format("{} {} of app {} must be a text: put {} in quotes", key, quote(name), quote(id),
                               value.dump()));
  }

  const Reader& r_;
  const std::string& directory_;
  std::vector<App> out_;
};

}  // namespace

std::vector<App> read_apps(const Tree& tree, const Reader& reader, const std::string& directory) {
  return AppsReader(reader, directory).read(tree);
}

std::vector<App> read_app_file(const std::string& path, Mistakes& mistakes) {
  Tree file, item, list;
  file.kind = Tree::Kind::text;
  file.text = path;
  file.key = "file";
  item.kind = Tree::Kind::map;
  item.items.push_back(std::move(file));
  list.kind = Tree::Kind::list;
  list.items.push_back(std::move(item));
  const Reader reader(mistakes);
  return read_apps(list, reader, "");
}

}  // namespace cctl
