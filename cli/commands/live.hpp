// A cluster as it is: connected, observed, judged.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "commands/world.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"
#include "report/status.hpp"

namespace cctl {

struct Live {
  Sources sources;
  Hosts hosts;
  Desired desired;
  Observed observed;
};

// Logs in everywhere and observes. An unreachable host is part of the answer.
Live connect(World& world, Sources sources);
// Observes and expands once more over the same connections.
void observe_again(World& world, Live& live);

// Probes everything and judges it; `plan` says what is not as wanted.
Status probe_status(World& world, Live& live, const Plan& plan);

// Error (exit 4) naming every host that `limit` includes and that could not be reached.
void need_all(const Live& live, const std::set<std::string>& limit);

// With --timings: what each host cost, on standard error.
void tell_timings(World& world);

}  // namespace cctl
