// Flags as a program is given them, wherever they come from: those that its version does not have, those that are said
// twice, and those that are taken away though nobody sets them. Pure.
#pragma once
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"

namespace cctl {

void check_flags(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
