// A word in a list of words.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

namespace cctl {

inline bool among(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace cctl
