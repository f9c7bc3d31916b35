// What an inventory says without any effect: warnings. Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/place.hpp"

namespace cctl {

// Settings, images, places and versions of a component that is not part of the cluster or does not run on that host,
// and settings of groups without hosts.
void tell_unused(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes);

}  // namespace cctl
