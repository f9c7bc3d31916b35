#include "load/open_brackets.hpp"

#include <algorithm>

namespace cctl {

void OpenBrackets::read(std::string_view line, std::size_t until) {
  const std::size_t number = lines_++, end = std::min(until, line.size());
  for (std::size_t c = 0; c < end; ++c) {
    const bool starts = c == 0 || std::string_view(" [{,:").find(line[c - 1]) != std::string_view::npos;
    if (quoted_) {
      if (line[c] == '\\' && quoted_ == '"')
        ++c;
      else if (line[c] == quoted_)
        quoted_ = 0;
    } else if ((line[c] == '"' || line[c] == '\'') && starts) {
      quoted_ = line[c];
    } else if (line[c] == '#' && (c == 0 || line[c - 1] == ' ')) {
      return;
    } else if ((line[c] == '[' || line[c] == '{') && (starts || !brackets_.empty())) {
      brackets_.push_back({line[c], number, c});
    } else if ((line[c] == ']' || line[c] == '}') && !brackets_.empty()) {
      brackets_.pop_back();
    }
  }
}

}  // namespace cctl
