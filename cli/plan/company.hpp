// Values that are nothing without others, or whose words others may add to: `needs A` and `unless A` of their kinds
// (model/var_kind.hpp). Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"

namespace cctl {

void check_company(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
