#include "prepare/openings.hpp"

#include <algorithm>

namespace cctl {
std::vector<Opening> joined(std::vector<Opening> openings) {
  std::sort(openings.begin(), openings.end());
  std::vector<Opening> out;
  for (const Opening& next : openings) {
    if (!out.empty() && out.back().protocol == next.protocol && next.from <= out.back().to + 1)
      out.back().to = std::max(out.back().to, next.to);
    else
      out.push_back(next);
  }
  return out;
}

std::vector<Opening> missing(const std::vector<Opening>& wanted, const std::vector<Opening>& open) {
  const auto doors = joined(open);
  std::vector<Opening> out;
  for (Opening left : joined(wanted)) {
    bool covered = false;
    for (const Opening& door : doors) {
      if (door.protocol != left.protocol || door.to < left.from || door.from > left.to) continue;
      if (door.from > left.from) out.push_back({left.protocol, left.from, door.from - 1});
      covered = door.to >= left.to;
      if (covered) break;
      left.from = door.to + 1;
    }
    if (!covered) out.push_back(left);
  }
  return out;
}

}  // namespace cctl
