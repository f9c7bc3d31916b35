// The inventory's own apps as part of the desired state. Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"
#include "plan/place.hpp"

namespace cctl {

// Each app becomes a component of one instance, named by its id, on the first host of the component that runs apps.
void expand_apps(const Sources& sources, const Placement& placement, Desired& out, std::vector<Mistake>& mistakes);

}  // namespace cctl
