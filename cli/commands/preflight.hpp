// The checks that a run makes before it changes anything.
#pragma once
#include <set>
#include <string>

#include "commands/live.hpp"
#include "model/plan.hpp"

namespace cctl {

// Error (exit 3) naming each check that fails on a host which the plan has steps for.
void preflight(World& world, Live& live, const Plan& plan, const std::set<std::string>& checks);

}  // namespace cctl
