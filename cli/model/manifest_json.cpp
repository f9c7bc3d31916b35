#include "model/manifest_json.hpp"

#include <nlohmann/json.hpp>

#include "model/limits.hpp"
#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

json file_json(const ManifestFile& f) {
  json out = {{"digest", f.digest}};
  if (f.merge != Merge::none) out["merge"] = to_text(f.merge), out["part"] = f.part, out["before"] = f.before;
  if (f.in_place) out["in_place"] = true;
  if (!f.replaced) return out;
  out["replaced"] = *f.replaced;
  out["replaced_mode"] = f.replaced_mode;
  out["replaced_owner"] = f.replaced_owner;
  return out;
}

ManifestFile file_from(const json& j) {
  ManifestFile f;
  f.digest = j.value("digest", "");
  if (j.contains("replaced")) f.replaced = j.at("replaced").get<std::string>();
  f.replaced_mode = j.value("replaced_mode", "");
  f.replaced_owner = j.value("replaced_owner", "");
  f.part = j.value("part", "");
  f.before = j.value("before", "");
  f.in_place = j.value("in_place", false);
  for (const Merge m : {Merge::json, Merge::first_lines})
    if (j.value("merge", "") == to_text(m)) f.merge = m;
  return f;
}

json pending_json(const PendingFile& f) {
  json out = {{"mode", f.mode}, {"owner", f.owner}};
  if (f.replaced) out["replaced"] = *f.replaced;
  if (f.in_place) out["in_place"] = true;
  return out;
}

PendingFile pending_from(const json& j) {
  PendingFile f;
  if (j.contains("replaced")) f.replaced = j.at("replaced").get<std::string>();
  f.mode = j.value("mode", "");
  f.owner = j.value("owner", "");
  f.in_place = j.value("in_place", false);
  return f;
}

template <class T>
void read(const json& j, const char* key, T& out) {
  if (j.contains(key)) out = j.at(key).get<T>();
}

}  // namespace

std::string manifest_directory(const std::string& cluster) {
  return "/var/lib/clusterctl/" + cluster;
}
std::string manifest_path(const std::string& cluster) {
  return manifest_directory(cluster) + "/manifest.json";
}

std::string to_json(const Manifest& m) {
  json files = json::object();
  for (const auto& [path, file] : m.files) files[path] = file_json(file);
  json pending = json::object();
  for (const auto& [component, all] : m.pending)
    for (const auto& [path, file] : all) pending[component][path] = pending_json(file);
  json out = {{"schema", 1},
              {"files", files},
              {"applied", m.applied},
              {"specs", m.specs},
              {"data_dirs", m.data_dirs},
              {"made_dirs", m.made_dirs},
              {"members", m.members},
              {"ids", m.ids},
              {"pending", pending}};
  if (!m.ports.empty()) out["ports"] = m.ports;
  if (!m.names.empty()) out["names"] = m.names;
  if (!m.beginning.empty()) out["beginning"] = m.beginning;
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Manifest manifest_from_json(const std::string& text) {
  Manifest damaged;
  damaged.damaged = !text.empty();
  OutsideLimits within;
  within.values = limits::kept_values;
  const json j = parse_outside(text, within).value;
  if (!j.is_object()) return damaged;
  Manifest m;
  try {
    if (j.contains("files"))
      for (const auto& [path, file] : j.at("files").items()) m.files[path] = file_from(file);
    if (j.contains("pending"))
      for (const auto& [component, all] : j.at("pending").items())
        for (const auto& [path, file] : all.items()) m.pending[component][path] = pending_from(file);
    read(j, "applied", m.applied);
    read(j, "specs", m.specs);
    read(j, "data_dirs", m.data_dirs);
    read(j, "made_dirs", m.made_dirs);
    read(j, "members", m.members);
    read(j, "ids", m.ids);
    read(j, "beginning", m.beginning);
    read(j, "names", m.names);
    read(j, "ports", m.ports);
  } catch (const json::exception&) {
    return damaged;
  }
  return m;
}

}  // namespace cctl
