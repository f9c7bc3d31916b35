#include "run/parts.hpp"

#include <algorithm>

#include "prepare/preparation.hpp"

namespace cctl {
namespace {

// Where the pulls at the plan's beginning end. What is pulled later goes to an engine that first gets another store.
auto after_pulls(const Plan& plan) {
  return std::find_if(plan.waves.begin(), plan.waves.end(),
                      [](const Wave& wave) { return wave.steps.front().action != Action::pull; });
}

}  // namespace

Plan engines_first(const Plan& plan, const Observed& observed) {
  Plan out = plan;
  const bool any = std::any_of(observed.hosts.begin(), observed.hosts.end(), [&](const auto& host) {
    return !host.second.engine_error.empty() && brings_engine(plan, host.first);
  });
  for (Wave& wave : out.waves)
    std::erase_if(wave.steps, [](const Step& s) { return s.action != Action::prepare && !brings_engine(s); });
  std::erase_if(out.waves, [&](const Wave& wave) { return !any || wave.steps.empty(); });
  return out;
}

Plan pulls_first(const Plan& plan, const Observed& observed) {
  Plan out = plan;
  const auto is_there = [&](const Step& step) {
    const auto host = observed.hosts.find(step.host);
    return host != observed.hosts.end() && host->second.images.count(step.image()) > 0;
  };
  const auto end = after_pulls(plan);
  const bool any = std::any_of(plan.waves.begin(), end, [&](const Wave& wave) {
    return std::any_of(wave.steps.begin(), wave.steps.end(), is_there);
  });
  out.waves.assign(plan.waves.begin(), any ? end : plan.waves.begin());
  return out;
}

Plan without_first_pulls(Plan plan) {
  plan.waves.erase(plan.waves.cbegin(), after_pulls(plan));
  return plan;
}

void limit_waits(Plan& plan, std::chrono::milliseconds limit) {
  if (limit.count() > 0)
    for (Wave& wave : plan.waves) wave.timeout = std::chrono::ceil<std::chrono::seconds>(limit);
}

}  // namespace cctl
