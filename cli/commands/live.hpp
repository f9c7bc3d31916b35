// A cluster as it is: connected, observed, judged.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "commands/world.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"
#include "plan/absent.hpp"
#include "plan/diff.hpp"
#include "prepare/facts.hpp"
#include "report/status.hpp"

namespace cctl {

struct Live {
  Sources sources;
  Hosts hosts;
  Desired desired;
  Observed observed;
  bool wants_facts = false;                // of the hosts, for plans that prepare them
  std::map<std::string, HostFacts> facts;  // of those that were reached
};

// Logs in everywhere and observes. An unreachable host is part of the answer.
Live connect(World& world, Sources sources, bool wants_facts = false);
// Observes and expands once more over the same connections.
void observe_again(World& world, Live& live);

// What there is to do, with the preparation of the hosts first.
Plan plan_of(const Live& live, const DiffOptions& how);

// Probes everything and judges it; `plan` says what is not as wanted.
Status probe_status(World& world, Live& live, const Plan& plan);

// Error (exit 4) naming every host that could not be reached and has something on it of what was chosen, and how to go
// on.
void need_all(const Live& live, const DiffOptions& chosen, const Again& again);

// With --timings: what each host cost, on standard error.
void tell_timings(World& world);

}  // namespace cctl
