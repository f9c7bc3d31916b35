#include "plan/task_ports.hpp"

#include <nlohmann/json.hpp>
#include <regex>

namespace cctl {
namespace {

using nlohmann::json;

std::vector<Opening> ranges_of_json(const json& resources) {
  std::vector<Opening> out;
  for (const auto& resource : resources) {
    if (!resource.is_object() || resource.value("name", json()) != "ports") continue;
    const auto ranges = resource.value("/ranges/range"_json_pointer, json::array());
    for (const auto& range : ranges)
      if (range.is_object() && range.value("begin", json()).is_number_integer() &&
          range.value("end", json()).is_number_integer())
        out.push_back({"tcp", range["begin"].get<int>(), range["end"].get<int>()});
  }
  return out;
}

std::vector<Opening> ranges_of_text(const std::string& resources) {
  static const std::regex ports("(^|;) *ports *(\\([^)]*\\))? *: *\\[([^\\]]*)\\]"),
      range("([0-9]{1,6}) *- *([0-9]{1,6})");
  std::vector<Opening> out;
  for (auto at = std::sregex_iterator(resources.begin(), resources.end(), ports); at != std::sregex_iterator(); ++at) {
    const std::string list = (*at)[3];
    for (auto one = std::sregex_iterator(list.begin(), list.end(), range); one != std::sregex_iterator(); ++one)
      out.push_back({"tcp", std::stoi((*one)[1]), std::stoi((*one)[2])});
  }
  return out;
}

}  // namespace

std::optional<std::vector<Opening>> task_ports_of(const std::string& resources) {
  const json parsed = json::parse(resources, nullptr, false);
  auto out = parsed.is_array() ? ranges_of_json(parsed) : ranges_of_text(resources);
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace cctl
