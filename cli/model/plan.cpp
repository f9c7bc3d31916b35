#include "model/plan.hpp"

namespace cctl {

char sign_of(const Step& step) {
  if (!step.unknown.empty()) return '?';
  if (step.action == Action::deploy && step.previous_name.empty()) return '+';
  return about(step.action).sign;
}

}  // namespace cctl
