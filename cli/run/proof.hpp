// The last word of a run: whether the cluster is healthy, waited for.
#pragma once
#include <chrono>

#include "apply/apply.hpp"
#include "run/live.hpp"

namespace cctl {

struct Proof {
  Status status;      // of the whole cluster, as `clusterctl status` tells it
  bool good = false;  // all that was chosen is healthy
  Waiting last;       // what it was not, as it was asked last
};

// Probes `live`, looks and probes again until everything (of what was chosen) is healthy, as long as the slowest
// component may take, or `limit` where it is more than 0. What it is given lives as long as the task.
Task<Proof> prove_health(Live& live, Clock& clock, Listener& listener, const DiffOptions& chosen,
                         std::chrono::milliseconds limit);

}  // namespace cctl
