// Words as one text. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

// "a; b; c" with `between` as "; "; empty words at the beginning leave nothing.
inline std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

}  // namespace cctl
