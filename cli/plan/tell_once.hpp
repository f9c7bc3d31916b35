// Mistakes of an inventory, each told once: rules look at every instance, and many instances have one line.
#pragma once
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/mistake.hpp"

namespace cctl {

class TellOnce {
 public:
  explicit TellOnce(std::vector<Mistake>& mistakes) : mistakes_(mistakes) {}

  void operator()(const Mark& mark, const std::string& text, bool warning) {
    if (told_.emplace(mark.line, mark.column, text).second) mistakes_.push_back({mark, text, warning});
  }

 private:
  std::vector<Mistake>& mistakes_;
  std::set<std::tuple<int, int, std::string>> told_;
};

}  // namespace cctl
