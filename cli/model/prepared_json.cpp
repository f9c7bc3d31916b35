#include "model/prepared_json.hpp"

#include <nlohmann/json.hpp>

#include "model/limits.hpp"
#include "model/manifest_json.hpp"
#include "model/outside_json.hpp"

namespace cctl {

using nlohmann::json;

std::string prepared_path(const std::string& cluster) {
  return manifest_directory(cluster) + "/prepared.json";
}

std::string to_json(const std::vector<Prepared>& done) {
  json out = json::array();
  for (const Prepared& p : done) out.push_back({{"item", p.item}, {"why", p.why}, {"undo", p.undo}});
  return json({{"schema", "clusterctl.prepared/1"}, {"done", out}})
             .dump(1, ' ', false, json::error_handler_t::replace) +
         "\n";
}

PreparedList prepared_from_json(const std::string& text) {
  PreparedList out, damaged;
  damaged.damaged = !text.empty();
  OutsideLimits within;
  within.values = limits::kept_values;
  const json read = parse_outside(text, within).value;
  if (!read.is_object()) return damaged;
  try {
    for (const json& item : list_in(read, "done"))
      out.done.push_back(
          {text_in(item, "item"), text_in(item, "why"), item.at("undo").get<std::vector<std::vector<std::string>>>()});
  } catch (const json::exception&) {
    return damaged;
  }
  return out;
}

}  // namespace cctl
