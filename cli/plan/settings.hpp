// What only the whole of an inventory shows about its settings: mounts and data that collide, agents that differ. Pure.
#pragma once
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/scope.hpp"

namespace cctl {

// Two mounts at one path of a container: Docker refuses them when the old container is gone already.
void check_mounts(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// Two data directories of a host of which one is in the other: of two components, or of one.
void check_data_directories(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// Vars and ports that all instances of a component and its parts need the same of: Consul's agents of two datacenters,
// or with two keys, never meet.
void check_alike(const Sources& sources, const Placement& placement, const Scopes& scopes,
                 std::vector<Mistake>& mistakes);

}  // namespace cctl
