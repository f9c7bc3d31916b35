// Columns as wide as their widest cell, two blanks between them, nothing after the last.
#pragma once
#include <string>
#include <vector>

#include "report/terminal.hpp"

namespace cctl {

struct Cell {
  std::string text;
  Color color = Color::none;
};
using Row = std::vector<Cell>;

// `indent` blanks before each row. A row may be shorter than the others.
// Where the terminal is narrower, the widest cells are parted into lines.
std::string table(const std::vector<Row>& rows, const Look& look, int indent = 0);

// The same, row by row; a row may be several lines.
std::vector<std::string> table_rows(const std::vector<Row>& rows, const Look& look, int indent = 0);

}  // namespace cctl
