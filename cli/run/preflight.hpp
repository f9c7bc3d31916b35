// What a run makes sure of before it changes anything.
#pragma once
#include <set>
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"
#include "run/live.hpp"

namespace cctl {

// "slave1 has no Docker engine that answers: ...", and what to do.
std::string no_engine(const ObservedHost& host);

// Error (exit 3) naming each host with steps whose engine does not answer and is not about to be installed.
void need_engines(const Plan& plan, const Observed& observed);

// Makes those of the chosen checks that a run makes. Error (exit 3) naming each host with steps that has no engine and
// is not about to get one, and each check that fails on a host which the plan has steps for. What it is given lives as
// long as the task.
Task<void> preflight(Live& live, Clock& clock, const Plan& plan, const std::set<std::string>& chosen);

}  // namespace cctl
