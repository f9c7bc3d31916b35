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

std::string Plan::name_of(std::size_t leg) const {
  if (legs.size() < 2) return "";
  const std::string& title = legs.at(leg).title;
  return "leg " + std::to_string(leg + 1) + " of " + std::to_string(legs.size()) + (title.empty() ? "" : ": " + title);
}

char sign_of(const Step& step) {
  if (!step.unknown.empty()) return '?';
  if (step.action == Action::deploy && step.previous_name.empty()) return '+';
  return about(step.action).sign;
}

}  // namespace cctl
