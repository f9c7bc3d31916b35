#include "plan/later_legs.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plan/after.hpp"

namespace cctl {
namespace {

void number_waves(Leg& leg, int first) {
  for (Wave& wave : leg.waves) {
    wave.number = first++;
    for (Step& step : wave.steps) step.wave = wave.number;
  }
}

// What was told of an earlier leg is not told again.
void tell(std::vector<std::string>& known, const std::vector<std::string>& found, const std::string& leg) {
  const std::vector<std::string> before = known;
  for (const auto& text : found)
    if (std::find(before.begin(), before.end(), text) == before.end()) known.push_back(leg + ": " + text);
}

void tell(std::vector<Refusal>& known, const std::vector<Refusal>& found, const std::string& leg) {
  const std::vector<Refusal> before = known;
  for (const auto& refusal : found)
    if (std::none_of(before.begin(), before.end(), [&](const Refusal& r) { return r.text == refusal.text; }))
      known.push_back({refusal.exit_code, leg + ": " + refusal.text});
}

void tell_strays(Plan& plan, const Plan& found) {
  for (const Stray& stray : found.strays)
    if (std::none_of(plan.strays.begin(), plan.strays.end(), [&](const Stray& known) {
          return known.host == stray.host && known.container == stray.container;
        }))
      plan.strays.push_back(stray);
}

// What no leg changes.
int as_wanted(const Plan& plan) {
  std::set<std::pair<std::string, std::string>> changed;
  for (const Leg& leg : plan.legs)
    for (const Wave& wave : leg.waves)
      for (const Step& step : wave.steps)
        if (step.action != Action::pull) changed.emplace(step.host, step.component);
  const auto& last = plan.legs.back().unchanged;
  return static_cast<int>(std::count_if(last.begin(), last.end(), [&](const Step& step) {
    return !changed.count({step.host, step.component});
  }));
}

void add(PlanSummary& all, const PlanSummary& later) {
  all.hosts = std::max(all.hosts, later.hosts);
  all.instances = std::max(all.instances, later.instances);
  all.create += later.create;
  all.change += later.change;
  all.remove += later.remove;
  all.unseen = std::max(all.unseen, later.unseen);
  all.unknown = std::max(all.unknown, later.unknown);
}

}  // namespace

void diff_later(Plan& plan, const Observed& observed, const DiffOptions& options) {
  if (plan.legs.size() < 2) return;
  Observed then = observed;
  int waves = static_cast<int>(plan.first().waves.size());
  for (std::size_t i = 1; i < plan.legs.size(); ++i) {
    then = after(plan.legs[i - 1], then);
    Leg& leg = plan.legs[i];
    Plan found = diff(leg.desired, then, options);
    leg.desired = std::move(found.first().desired);
    leg.waves = std::move(found.first().waves);
    leg.unchanged = std::move(found.first().unchanged);
    number_waves(leg, waves);
    waves += static_cast<int>(leg.waves.size());
    const std::string name = "leg " + std::to_string(i + 1);
    tell(plan.warnings, found.warnings, name);
    tell(plan.foreign, found.foreign, name);
    tell(plan.faults, found.faults, name);
    tell_strays(plan, found);
    tell(plan.refusals, found.refusals, name);
    add(plan.summary, found.summary);
  }
  plan.summary.as_wanted = as_wanted(plan);
}

}  // namespace cctl
