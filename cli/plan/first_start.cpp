#include "plan/first_start.hpp"

#include <algorithm>

#include "plan/empty_members.hpp"

namespace cctl {
namespace {

void give(const Instance& instance, Step& step) {
  for (const auto& t : instance.transitions) {
    if (!t.first_start) continue;
    for (const auto& [name, value] : t.env) step.extra_env[name] = value;
    step.reason += "; " + t.why;
  }
  step.begins = true;
}

}  // namespace

std::string begin_ensemble(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                           std::vector<Step>& steps) {
  const auto members = desired.of(component.component);
  const bool can_begin = std::any_of(members.begin(), members.end(), [](const Instance* i) {
    return std::any_of(i->transitions.begin(), i->transitions.end(), [](const auto& t) { return t.first_start; });
  });
  if (!can_begin) return "";
  std::string unseen, starting;
  for (const MemberHolding& m : holdings(desired, observed, component, steps)) {
    if (m.holds) return "";
    if (!m.seen) unseen += (unseen.empty() ? "" : ", ") + m.host;
    if (m.starts) starting += (starting.empty() ? "" : ", ") + m.host;
  }
  if (starting.empty()) return "";
  if (!unseen.empty())
    return "whether " + component.component + " starts for the first time is not known: " + unseen +
           " could not be looked at, and may hold its data; as a new one, " + starting +
           " would be an ensemble beside that. Let the run look at all of its members, or place it (place: {" +
           component.component + ": [HOST]}) where there are others";
  for (const Instance* i : members)
    for (Step& step : steps)
      if (step.host == i->host && step.component == i->component && step.action == Action::create) give(*i, step);
  return "";
}

}  // namespace cctl
