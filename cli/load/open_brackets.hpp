// What is open in YAML text, line after line, as far as one can see without reading it: brackets, and a quote. Pure.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace cctl {

struct Bracket {
  char opens;
  std::size_t line, column;
};

class OpenBrackets {
 public:
  // The next line, or its beginning.
  void read(std::string_view line, std::size_t until = std::string_view::npos);

  bool any() const { return quoted_ || !brackets_.empty(); }
  const std::vector<Bracket>& brackets() const { return brackets_; }  // the innermost last

 private:
  char quoted_ = 0;
  std::size_t lines_ = 0;
  std::vector<Bracket> brackets_;
};

}  // namespace cctl
