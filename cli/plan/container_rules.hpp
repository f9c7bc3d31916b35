// What the inventory says of a container, held against what its program needs: who may enter its data, how much memory
// it takes, which of the files that flags name are there. Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"

namespace cctl {

void check_containers(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
