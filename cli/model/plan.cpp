#include "model/plan.hpp"

namespace cctl {

const std::string& Step::image() const {
  static const std::string none;
  const auto* pull = std::get_if<Pull>(&subject);
  return pull ? pull->image : none;
}

bool is_first(const Step& step) {
  return step.action == Action::create && step.previous_name.empty();
}

char sign_of(const Step& step) {
  if (!step.unknown.empty()) return '?';
  if (step.action == Action::deploy && step.previous_name.empty()) return '+';
  return about(step.action).sign;
}

}  // namespace cctl
