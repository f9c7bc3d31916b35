// Where readers put what they find wrong.
#pragma once
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/mistake.hpp"

namespace cctl {

class Mistakes {
 public:
  // `hidden`: the line may hold a secret.
  void error(const Mark& mark, const std::string& text, bool hidden = false) { add({mark, text, false, hidden}); }
  void warning(const Mark& mark, const std::string& text, bool hidden = false) { add({mark, text, true, hidden}); }
  bool any_error() const;
  std::vector<Mistake> in_file_order() const;

 private:
  void add(Mistake mistake);

  std::vector<Mistake> found_;
  std::set<std::tuple<std::string, int, int, std::string>> told_;
  std::vector<std::string> files_;  // in the order in which they were first complained about
};

}  // namespace cctl
