#include "report/table.hpp"

#include <algorithm>

#include "report/words.hpp"

namespace cctl {

std::string table(const std::vector<Row>& rows, const Look& look, int indent) {
  std::vector<int> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i].text));
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    std::size_t last = row.size();
    while (last > 0 && row[last - 1].text.empty()) --last;
    for (std::size_t i = 0; i < last; ++i) {
      line += look.paint(row[i].color, row[i].text);
      if (i + 1 < last) line += std::string(static_cast<std::size_t>(widths[i] - width(row[i].text) + 2), ' ');
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace cctl
