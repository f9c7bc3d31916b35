// Whether a plan that was made again may be carried out under the answer that was given to an earlier one. Pure.
#pragma once

#include <optional>
#include <string>

#include "model/plan.hpp"

namespace cctl {

// The first step of `now` that `shown` did not announce, in words ("m1 consul: recreate, bind_addr changed"); none when
// there is none. Less may be left to do. A container that does not run may be brought back unannounced, since that
// interrupts nothing; Docker's own restarts, up at one look and down at the next, are one state.
std::optional<std::string> not_shown(const Leg& now, const Leg& shown);
// The same, leg for leg.
std::optional<std::string> not_shown(const Plan& now, const Plan& shown);

}  // namespace cctl
