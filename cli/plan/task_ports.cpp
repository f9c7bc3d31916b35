#include "plan/task_ports.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// What is no port is told by others; here it only has to fit.
int port_of(long long number) {
  return static_cast<int>(std::clamp(number, -1LL, 1000000LL));
}

std::vector<Opening> ranges_of_json(const json& resources) {
  std::vector<Opening> out;
  for (const auto& resource : resources) {
    if (text_in(resource, "name") != "ports") continue;
    for (const auto& range : list_in(object_in(resource, "ranges"), "range")) {
      const auto first = whole_in(range, "begin"), last = whole_in(range, "end");
      if (first && last) out.push_back({"tcp", port_of(*first), port_of(*last)});
    }
  }
  return out;
}

std::vector<Opening> ranges_of_text(const std::string& resources) {
  static const RE2 ports(R"((?:^|;) *ports *(?:\([^)]*\))? *: *\[([^\]]*)\])", RE2::Latin1),
      range("([0-9]{1,6}) *- *([0-9]{1,6})", RE2::Latin1);
  std::vector<Opening> out;
  re2::StringPiece rest(resources);
  for (std::string list; RE2::FindAndConsume(&rest, ports, &list);) {
    re2::StringPiece ranges(list);
    for (int first = 0, last = 0; RE2::FindAndConsume(&ranges, range, &first, &last);)
      out.push_back({"tcp", first, last});
  }
  return out;
}

}  // namespace

std::optional<std::vector<Opening>> task_ports_of(const std::string& resources) {
  const json parsed = parse_outside(resources).value;
  auto out = parsed.is_array() ? ranges_of_json(parsed) : ranges_of_text(resources);
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace cctl
