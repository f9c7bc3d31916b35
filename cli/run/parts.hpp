// A leg over hosts without engines, or with images that are fetched anew, learns on its way what there is to do: what
// it can do before it knows is a part of its own, after which it looks again. Pure.
#pragma once
#include <chrono>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// The preparations and settings that bring engines: what an engine runs is known only once it answers.
Leg engines_first(const Leg& leg, const Observed& observed);

// The pulls before all else, where one of them fetches an image that is there: which containers that concerns is known
// only then.
Leg pulls_first(const Leg& leg, const Observed& observed);
Leg without_first_pulls(Leg leg);

// No gate waits for longer or shorter; 0: as long as its component says.
void limit_waits(Plan& plan, std::chrono::milliseconds limit);

}  // namespace cctl
