// Flags as a program is given them, wherever they come from: those that its version does not have, those that are said
// twice, and those that are taken away though nobody sets them. Pure.
#pragma once
#include <vector>

#include "model/mistake.hpp"
#include "model/plan.hpp"
#include "model/sources.hpp"

namespace cctl {

// Whether the inventory takes a flag away that the playbook's own words speak of: told, and nothing can be rendered.
bool takes_needed_flag(const Sources& sources, const Playbook& playbook, const Host& host,
                       std::vector<Mistake>& mistakes);

void check_flags(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
