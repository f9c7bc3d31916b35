#include "run/parts.hpp"

#include <algorithm>

#include "prepare/preparation.hpp"

namespace cctl {
namespace {

// Where the pulls at the leg's beginning end. What is pulled later goes to an engine that first gets another store.
auto after_pulls(const Leg& leg) {
  return std::find_if(leg.waves.begin(), leg.waves.end(),
                      [](const Wave& wave) { return wave.steps.front().action != Action::pull; });
}

}  // namespace

Leg engines_first(const Leg& leg, const Observed& observed) {
  Leg out = leg;
  const bool any = std::any_of(observed.hosts.begin(), observed.hosts.end(), [&](const auto& host) {
    return !host.second.engine_error.empty() && brings_engine(leg, host.first);
  });
  for (Wave& wave : out.waves)
    std::erase_if(wave.steps, [](const Step& s) { return s.action != Action::prepare && !brings_engine(s); });
  std::erase_if(out.waves, [&](const Wave& wave) { return !any || wave.steps.empty(); });
  return out;
}

Leg pulls_first(const Leg& leg, const Observed& observed) {
  Leg out = leg;
  const auto is_there = [&](const Step& step) {
    const auto host = observed.hosts.find(step.host);
    return host != observed.hosts.end() && host->second.images.count(step.image()) > 0;
  };
  const auto end = after_pulls(leg);
  const bool any = std::any_of(leg.waves.begin(), end, [&](const Wave& wave) {
    return std::any_of(wave.steps.begin(), wave.steps.end(), is_there);
  });
  out.waves.assign(leg.waves.begin(), any ? end : leg.waves.begin());
  return out;
}

Leg without_first_pulls(Leg leg) {
  leg.waves.erase(leg.waves.cbegin(), after_pulls(leg));
  return leg;
}

void limit_waits(Plan& plan, std::chrono::milliseconds limit) {
  if (limit.count() <= 0) return;
  for (Leg& leg : plan.legs)
    for (Wave& wave : leg.waves) wave.timeout = std::chrono::ceil<std::chrono::seconds>(limit);
}

}  // namespace cctl
