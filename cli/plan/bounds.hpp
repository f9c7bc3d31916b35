// Numbers of a component that are held against each other (a kind with a bound, model/var_kind.hpp). Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/scope.hpp"

namespace cctl {

void check_bounds(const Sources& sources, const Placement& placement, const Scopes& scopes,
                  std::vector<Mistake>& mistakes);

}  // namespace cctl
