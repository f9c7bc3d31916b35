#include "plan/app_host_ports.hpp"

#include <algorithm>

#include "plan/json_at.hpp"
#include "plan/task_ports.hpp"

namespace cctl {

using nlohmann::json;

std::set<int> fixed_host_ports(const json& app) {
  std::set<int> out;
  const auto take = [&](const json& port) {
    if (!port.is_number_integer() || port.get<long long>() < 1 || port.get<long long>() > 65535) return;
    out.insert(port.get<int>());
  };
  for (const char* path : {"/container/portMappings", "/container/docker/portMappings"})
    for (const auto& mapping : list_at(app, path)) take(json_at(mapping, "/hostPort"));
  if (json_at(app, "/requirePorts") != true) return out;
  for (const auto& port : list_at(app, "/ports")) take(port);
  for (const auto& definition : list_at(app, "/portDefinitions")) take(json_at(definition, "/port"));
  return out;
}

std::optional<std::vector<Opening>> offered_ports(const json& slave, const char* pointer) {
  const json ranges = json_at(slave, pointer);
  if (!ranges.is_string()) return std::nullopt;
  return task_ports_of("ports:" + ranges.get<std::string>()).value_or(std::vector<Opening>{});
}

bool among_ports(const std::vector<Opening>& ranges, int port) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Opening& range) { return range.from <= port && port <= range.to; });
}

std::string ports_in_words(const std::vector<Opening>& ranges) {
  std::string out;
  for (const Opening& range : ranges)
    out += (out.empty() ? "" : ", ") + std::to_string(range.from) +
           (range.to > range.from ? "-" + std::to_string(range.to) : "");
  return out.empty() ? "none" : out;
}

}  // namespace cctl
