// What the phases of one run share.
#pragma once
#include <string>

#include "apply/lease.hpp"
#include "run/run.hpp"

namespace cctl {

struct Underway {
  Network& network;
  Clock& clock;
  RunListener& listener;
  const RunRequest& request;
  Live live = {};
  Lease lease = {};
  Plan shown = {};  // what the answer was given to
  RunEnd end = {};

  // As long as nothing has failed, and something is left to do.
  bool changes() const { return end.report.exit == Exit::ok && !end.plan.nothing_to_do(); }
};

// The plan of what was seen last, under the limits of the run.
Plan plan_now(const Underway& run);
// Throw Error where the plan is refused, or a host that the run is about and that could be asked for `before` cannot be
// any more: what it would do there is a guess. Others that are gone are left. `left`: what has become of the hosts
// ("nothing was changed").
void need_no_refusal(const Plan& plan, const std::string& left);
void need_still_seen(Underway& run, const Observed& before, const std::string& left);

}  // namespace cctl
