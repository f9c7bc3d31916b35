// Who listens on a host: its components, its sshd, and what its tasks are given. Pure.
#pragma once
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"

namespace cctl {

// Two that would listen on one of a host's own ports, or a component on one that tasks are given.
void check_ports(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
