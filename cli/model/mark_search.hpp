// Looks for a mark in a stream that comes in pieces: each byte is looked at once, however small they are. Pure.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

#include "model/limits.hpp"

namespace cctl {

class MarkSearch {
 public:
  enum class Found { yes, not_yet, never };  // never: more than limits::before_mark came before it

  // `stream` is all that has come; the mark ends where it says.
  Found in(std::string_view stream, std::string_view mark) {
    // It may have come in two pieces.
    const auto from = searched_ < mark.size() ? 0 : searched_ - mark.size() + 1;
    at_ = stream.find(mark, from);
    looked_at_ += stream.size() - std::min(from, stream.size());
    searched_ = stream.size();
    if (at_ == stream.npos) return stream.size() < limits::before_mark + mark.size() ? Found::not_yet : Found::never;
    return at_ <= limits::before_mark ? Found::yes : Found::never;
  }
  std::size_t at() const { return at_; }
  std::size_t looked_at() const { return looked_at_; }  // bytes, for tests

 private:
  std::size_t searched_ = 0, at_ = 0, looked_at_ = 0;
};

}  // namespace cctl
