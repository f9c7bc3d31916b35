#include "report/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.hpp"

namespace cctl {
namespace {

// Beyond this many pairs of lines the table would be too large: the whole middle counts as changed.
constexpr std::size_t max_pairs = 4'000'000;

std::vector<DiffLine> all_lines(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t n = a.size() - head - tail, m = b.size() - head - tail;
  const bool small = n * m <= max_pairs;

  // common[i][j]: length of the longest common subsequence of what is left from i and j on.
  std::vector<std::vector<int>> common(small ? n + 1 : 0, std::vector<int>(m + 1, 0));
  if (small) {
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = m; j-- > 0;) {
        common[i][j] =
            a[head + i] == b[head + j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
      }
    }
  }
  std::vector<DiffLine> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', a[i]});
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (small && i < n && j < m && a[head + i] == b[head + j]) {
      lines.push_back({' ', a[head + i]});
      ++i, ++j;
    } else if (i < n && (j == m || !small || common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back({'-', a[head + i++]});
    } else {
      lines.push_back({'+', b[head + j++]});
    }
  }
  for (std::size_t k = a.size() - tail; k < a.size(); ++k) lines.push_back({' ', a[k]});
  return lines;
}

}  // namespace

std::vector<DiffLine> unified_diff(const std::string& before, const std::string& after, int context) {
  const std::vector<DiffLine> lines = all_lines(lines_of(before), lines_of(after));
  const auto size = static_cast<int>(lines.size());
  std::vector<bool> keep(lines.size(), false);
  for (int i = 0; i < size; ++i) {
    if (lines[static_cast<std::size_t>(i)].sign == ' ') continue;
    for (int k = std::max(0, i - context); k <= std::min(size - 1, i + context); ++k)
      keep[static_cast<std::size_t>(k)] = true;
  }
  std::vector<DiffLine> out;
  int line_before = 1, line_after = 1;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool starts = keep[i] && (i == 0 || !keep[i - 1]);
    if (starts && context > 0) out.push_back({'@', fmt::format("@@ -{} +{} @@", line_before, line_after)});
    if (keep[i]) out.push_back(lines[i]);
    line_before += lines[i].sign != '+';
    line_after += lines[i].sign != '-';
  }
  if (out.empty() && before != after) out.push_back({'@', "(only the newline at the end differs)"});
  return out;
}

}  // namespace cctl
