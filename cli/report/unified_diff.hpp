// The difference of two small texts, line by line.
#pragma once
#include <string>
#include <vector>

namespace cctl {

struct DiffLine {
  char sign;  // ' ', '-', '+', or '@' for a place
  std::string text;
};

// Longest common subsequence with `context` equal lines around each change; '@' lines only when context > 0.
std::vector<DiffLine> unified_diff(const std::string& before, const std::string& after, int context);

}  // namespace cctl
