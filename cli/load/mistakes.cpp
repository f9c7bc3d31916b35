#include "load/mistakes.hpp"

#include <algorithm>

namespace cctl {

bool Mistakes::any_error() const {
  return std::any_of(found_.begin(), found_.end(), [](const Mistake& m) { return !m.warning; });
}

// The same mistake is met again when a playbook is read with each of its overlays; it is told once.
void Mistakes::add(Mistake mistake) {
  const Mark& mark = mistake.mark;
  if (!told_.emplace(mark.file, mark.line, mark.column, mistake.text).second) return;
  if (std::find(files_.begin(), files_.end(), mistake.mark.file) == files_.end()) files_.push_back(mistake.mark.file);
  found_.push_back(std::move(mistake));
}

std::vector<Mistake> Mistakes::in_file_order() const {
  const auto place = [&](const Mistake& m) {
    const auto file = std::find(files_.begin(), files_.end(), m.mark.file) - files_.begin();
    return std::tuple(file, m.mark.line, m.mark.column);
  };
  std::vector<Mistake> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Mistake& a, const Mistake& b) { return place(a) < place(b); });
  return sorted;
}

}  // namespace cctl
