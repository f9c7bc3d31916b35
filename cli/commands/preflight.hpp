// What would stop a run half-way, seen before it begins. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// "slave1 has no Docker engine that answers: ...", and what to do.
std::string no_engine(const ObservedHost& host);

// One sentence for each obstacle: no engine, a full disk, a port that something else holds.
std::vector<std::string> obstacles(const Plan& plan, const Observed& observed);

}  // namespace cctl
