// The last word of a run: whether the cluster is healthy, waited for and said.
#pragma once
#include "commands/live.hpp"
#include "report/progress.hpp"

namespace cctl {

// Probes `live`, observes and probes again until everything (of what --limit and --component name) is healthy, as long
// as the slowest component may take. Prints the last line, unless -o json wants a document.
struct Proof {
  Status status;
  int exit_code = 0;  // or 9
};
Proof prove_health(World& world, Live& live, const Plan& plan, Progress& progress);

}  // namespace cctl
