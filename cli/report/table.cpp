#include "report/table.hpp"

#include <algorithm>
#include <numeric>

#include "model/cut.hpp"
#include "model/visible.hpp"
#include "report/words.hpp"

namespace cctl {

namespace {

constexpr int least_column = 20;    // narrower ones are not read any more
constexpr int widest_column = 160;  // what is wider moves its own row alone

// The widest give way until a row fits.
void narrow(std::vector<int>& widths, int room) {
  room -= 2 * static_cast<int>(widths.size() - 1);
  for (int all = std::accumulate(widths.begin(), widths.end(), 0); all > room;) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    const auto next = std::accumulate(widths.begin(), widths.end(), least_column,
                                      [&](int a, int b) { return b < *widest ? std::max(a, b) : a; });
    const int less = std::min(all - room, std::max(1, *widest - next));
    if (*widest - less < least_column) return;
    *widest -= less;
    all -= less;
  }
}

std::string row_text(const Row& row, const std::vector<int>& widths, const Look& look, int indent) {
  std::vector<std::vector<std::string>> parts;
  std::size_t lines = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    parts.push_back(wrapped(row[i].text, look.fold > 0 ? widths[i] : 0));
    lines = std::max(lines, parts.back().size());
  }
  std::string out;
  for (std::size_t n = 0; n < lines; ++n) {
    const auto part = [&](std::size_t i) { return n < parts[i].size() ? parts[i][n] : ""; };
    std::size_t last = row.size();
    while (last > 0 && part(last - 1).empty()) --last;
    out += std::string(static_cast<std::size_t>(last > 0 ? indent : 0), ' ');
    for (std::size_t i = 0; i < last; ++i) {
      const std::string text = part(i);
      out += look.paint(row[i].color, text);
      if (i + 1 < last) out += std::string(static_cast<std::size_t>(std::max(0, widths[i] - width(text)) + 2), ' ');
    }
    out += "\n";
  }
  return out;
}

}  // namespace

std::vector<std::string> table_rows(const std::vector<Row>& all, const Look& look, int indent) {
  std::vector<Row> rows = all;
  for (Row& row : rows)
    for (Cell& cell : row) cell.text = cut_text(std::move(cell.text), limits::line);
  std::vector<int> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], std::min(widest_column, width(visible(row[i].text))));
  }
  if (look.fold > 0 && !widths.empty()) narrow(widths, look.fold - indent);
  std::vector<std::string> out;
  for (const Row& row : rows) out.push_back(row_text(row, widths, look, indent));
  return out;
}

std::string table(const std::vector<Row>& rows, const Look& look, int indent) {
  return joined(table_rows(rows, look, indent), "");
}

}  // namespace cctl
