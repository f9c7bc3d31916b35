#include "apply/as_it_runs.hpp"

namespace cctl {

AsItRuns::AsItRuns(const Leg& leg) : leg_(leg) {
  if (leg.as_before.empty()) return;
  mixed_ = leg.desired;
  for (const auto& i : leg.as_before) before_[{i.host, i.component}] = &i;
  for (const auto& i : leg.as_before) back(i);
  // What an earlier run began serves as that one wanted it, and its way back leads to what was before.
  for (const auto& wave : leg.waves)
    for (const auto& step : wave.steps)
      if (const auto* i = leg.desired.find(step.host, step.component); i && step.unproven) changed(*i);
}

void AsItRuns::put(const Instance& instance, bool as_before) {
  const auto before = before_.find({instance.host, instance.component});
  if (before == before_.end()) return;
  for (auto& i : mixed_->instances) {
    if (i.host != instance.host || i.component != instance.component) continue;
    const auto* wanted = leg_.desired.find(i.host, i.component);
    i = as_before || !wanted ? *before->second : *wanted;
  }
}

}  // namespace cctl
