// A cluster as it is: connected, observed, judged. Everything is asked over connections that are there for one run.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "apply/observe.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/absent.hpp"
#include "plan/diff.hpp"
#include "plan/health.hpp"
#include "report/status.hpp"
#include "run/wanted.hpp"

namespace cctl {

struct Live {
  WantedCluster wanted;
  Hosts hosts;
  Desired desired;             // the next state on the way
  std::vector<Desired> later;  // those after it
  Observed observed;
  std::vector<Instance> as_before;     // whose containers serve at other ports than are wanted
  std::map<std::string, Facts> facts;  // of those that were reached: what preparing them, or checks, asked for
};

// Logs in everywhere and looks. An unreachable host is part of the answer. `prepares`: a plan will be made that
// prepares hosts, for which more is asked of them.
Task<Live> connect(Network& network, WantedCluster wanted, ConnectLimits limits, bool prepares);
// Looks once more over the same connections, and expands with the ids that are there now, for all that is on the way.
Task<void> look_again(Live& live);

// The next state was reached: from now on it is about the one after it, which is looked at again.
void go_on(Live& live);

// What there is to do, leg by leg, with the preparation of the hosts first.
Plan plan_of(const Live& live, const DiffOptions& how);

// What the probes of everything said, judged.
struct Judged {
  std::vector<InstanceHealth> instances;
  std::vector<ComponentHealth> components;
  Health health = Health::unknown;
};
// `live` lives as long as the task.
Task<Judged> judge_now(Live& live);
// `plan` says what is not as wanted: diff's is what `status` says, one without steps takes all for applied.
Status status_of(const Live& live, const Plan& plan, const Judged& judged);

// Error (exit 4) naming every host that could not be reached and has something on it of what was chosen, and how to go
// on.
void need_all(const Live& live, const DiffOptions& chosen, const Again& again);

}  // namespace cctl
