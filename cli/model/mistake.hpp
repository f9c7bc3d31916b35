// A mistake in something a person wrote. Collected, and thrown together at the end, so that one run tells them all.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/inventory.hpp"

namespace cctl {

struct Mistake {
  Mark mark;
  std::string text;  // `unknown key "slave", did you mean "slaves"?`
  bool warning = false;
  bool hidden = false;  // its line may hold a secret, and is not shown
};

// What a person wrote cannot be used; the mistakes are all of them, warnings too.
class Mistaken : public Error {
 public:
  Mistaken(const std::string& text, std::vector<Mistake> mistakes) : Error(text, 2), mistakes_(std::move(mistakes)) {}
  const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  std::vector<Mistake> mistakes_;
};

// The candidate nearest to `word` (edit distance at most a third of its length, at least 1), or "".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);
// `, did you mean "X"?` or "".
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace cctl
