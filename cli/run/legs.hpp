// The change, leg by leg: each but the first is looked at and planned anew before it begins.
#pragma once
#include "run/underway.hpp"

namespace cctl {

// Goes all legs of the plan that was shown, of which the first has been looked at under the lease, as far as it gets:
// what ends a later leg before it begins is a failure in the report, which names the legs that are not begun. Throws
// Error where the first leg ends before its change does.
Task<void> go_legs(Underway& run);

}  // namespace cctl
