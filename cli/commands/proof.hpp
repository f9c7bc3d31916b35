// The last word of a run: whether the cluster is healthy, waited for and said.
#pragma once
#include "commands/live.hpp"
#include "report/progress.hpp"

namespace cctl {

// Probes `live`, observes and probes again until everything (with --limit: on its hosts) is healthy, as long as the
// slowest component may take. Prints the last line (with -o json the status) and returns the exit code: 0 or 9.
int prove_health(World& world, Live& live, const Plan& plan, Progress& progress);

}  // namespace cctl
