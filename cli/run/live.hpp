// A cluster as it is: connected, observed, judged. Everything is asked over connections that are there for one run.
#pragma once
#include <map>
#include <string>

#include "apply/hosts.hpp"
#include "apply/observe.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/absent.hpp"
#include "plan/diff.hpp"
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

// Probes everything and judges it; `plan` says what is not as wanted. `live` lives as long as the task.
Task<Status> probe_status(Live& live, Plan plan);

// Error (exit 4) naming every host that could not be reached and has something on it of what was chosen, and how to go
// on.
void need_all(const Live& live, const DiffOptions& chosen, const Again& again);

}  // namespace cctl
