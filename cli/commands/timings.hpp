// --timings: what each host cost.
#pragma once
#include "commands/world.hpp"

namespace cctl {

// On standard error, where it was asked for.
void tell_timings(World& world);

}  // namespace cctl
