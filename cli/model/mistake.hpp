// A mistake in something a person wrote. Collected, never thrown, so that one run tells them all.
#pragma once
#include <string>
#include <vector>

#include "model/inventory.hpp"

namespace cctl {

struct Mistake {
  Mark mark;
  std::string text;  // `unknown key "slave", did you mean "slaves"?`
  bool warning = false;
};

// The candidate nearest to `word` (edit distance at most a third of its length, at least 1), or "".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);
// `, did you mean "X"?` or "".
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace cctl
