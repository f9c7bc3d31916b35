#include "commands/preflight.hpp"

#include "apply/facts.hpp"
#include "model/error.hpp"

namespace cctl {

void preflight(World& world, Live& live, const Plan& plan, const std::set<std::string>& checks) {
  if (plan.down || plan.nothing_to_do() || checks.empty()) return;
  std::set<std::string> hosts;
  for (const Wave& wave : plan.waves)
    for (const Step& step : wave.steps) hosts.insert(step.host);
  const CheckInput input = world.run(gather(live.hosts, world.clock(), live.desired, live.observed, checks));
  const std::string text = stopping(make_checks(input, checks), hosts);
  if (text.empty()) return;
  throw Error(text + "nothing was changed; clusterctl check shows every check, --skip-check NAME leaves one out", 3);
}

}  // namespace cctl
