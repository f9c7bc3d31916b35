// What the tests of an engine's settings share.
#pragma once
#include <string>
#include <vector>

#include "cluster.hpp"

namespace cctl::fake {

inline const char* const kEngineFile = "/etc/engine.json";

// What was told to engines, in its order.
inline std::vector<std::string> engine_told(const World& w) {
  std::vector<std::string> out;
  for (const auto& line : w.log)
    if (line.starts_with("engine ")) out.push_back(line);
  return out;
}

}  // namespace cctl::fake
