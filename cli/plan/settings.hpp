// What only the whole of an inventory shows about its settings: those that collide, and those that have no effect.
// Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"
#include "plan/place.hpp"

namespace cctl {

// Two that would listen on one of a host's own ports.
void check_ports(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// Two mounts at one path of a container: Docker refuses them when the old container is gone already.
void check_mounts(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// Two data directories of a host of which one is in the other: of two components, or of one.
void check_data_directories(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// Settings of a component that is not part of the cluster, or does not run on that host: warnings.
void tell_unused(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes);

}  // namespace cctl
