// Lines of a stream whose end nobody knows: each byte is looked at once, and what has no newline does not grow. Pure.
#pragma once
#include <string>
#include <string_view>

namespace cctl {

class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest = 1 << 20) : longest_(longest) {}

  // on_line(const std::string&) for each line that has come to its end, without its newline. A line that is too long
  // is left out whole.
  template <class OnLine>
  void feed(std::string_view bytes, const OnLine& on_line) {
    while (!bytes.empty()) {
      const auto end = bytes.find('\n');
      add(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      const std::string line = std::move(line_);
      line_.clear();
      const bool whole = !too_long_;
      too_long_ = false;
      if (whole) on_line(line);
    }
  }

 private:
  void add(std::string_view part) {
    too_long_ = too_long_ || line_.size() + part.size() > longest_;
    if (too_long_)
      line_.clear();
    else
      line_.append(part);
  }

  std::size_t longest_;
  std::string line_;
  bool too_long_ = false;
};

}  // namespace cctl
