// What a leg leaves: by it the later legs of a plan are diffed before any of them is gone. Pure.
#pragma once
#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// What would be seen of the hosts once every step of the leg has passed its gate. What only a look can tell is not
// known: the ids of new containers and of images fetched anew, what an engine says of its settings.
Observed after(const Leg& leg, const Observed& before);

}  // namespace cctl
