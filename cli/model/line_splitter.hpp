// Lines of a stream whose end nobody knows: each byte is looked at once, and what has no newline does not grow. Pure
// but for the secrets that are known, which are not cut.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "model/secrets.hpp"

namespace cctl {

class LineSplitter {
 public:
  // What becomes of a line that is longer than `longest`.
  enum class Long { left_out, in_parts };

  explicit LineSplitter(std::size_t longest = 1 << 20, Long how = Long::left_out) : longest_(longest), how_(how) {}

  // on_line(std::string) for each line that has come to its end, without its newline, and for parts of long ones.
  template <class OnLine>
  void feed(std::string_view bytes, const OnLine& on_line) {
    while (!bytes.empty()) {
      const auto end = bytes.find('\n');
      add(bytes.substr(0, end), on_line);
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      std::string line = rest();
      const bool whole = !too_long_;
      too_long_ = false;
      if (whole) on_line(std::move(line));
    }
  }

  // What has no end of line yet; it is taken out.
  std::string rest() { return std::exchange(line_, {}); }
  // Whether a line so far was left out.
  bool left_any_out() const { return left_out_; }

 private:
  template <class OnLine>
  void add(std::string_view part, const OnLine& on_line) {
    while (how_ == Long::in_parts && line_.size() + part.size() > longest_) {
      const auto fits = longest_ - line_.size();
      line_.append(part.substr(0, fits));
      part.remove_prefix(fits);
      // A secret that may go on is not cut.
      const auto whole = before_begun_secret(line_);
      std::string left = whole == 0 ? "" : line_.substr(whole);
      line_.resize(line_.size() - left.size());
      on_line(std::exchange(line_, std::move(left)));
    }
    too_long_ = too_long_ || line_.size() + part.size() > longest_;
    left_out_ = left_out_ || too_long_;
    if (too_long_)
      line_.clear();
    else
      line_.append(part);
  }

  std::size_t longest_;
  Long how_;
  std::string line_;
  bool too_long_ = false, left_out_ = false;
};

}  // namespace cctl
