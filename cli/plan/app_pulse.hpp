// Whether an app's tasks run on, as far as one look tells: whoever looks between two crashes sees all of them run. The
// gate of a deployment and `status` go by the same rule. Pure.
// Source: Marathon's back-off (a task that ends is started again after a delay that grows by 1.15 with each).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "model/plan.hpp"

namespace cctl {

// A task that took the place of one that has failed must have run for twice the delay before it, and for 15 s at least
// and 60 s at most; health checks tell of those that have them. Unsure: a task has failed, and Marathon does not say
// when, or what time it has.
AppPulse app_pulse(const AppState& app);

// How long after the last crash a pulse is steady again, whatever its delay.
inline constexpr double kLongestUnsteady = 60;

// How long an app without health checks must run before that says anything: what dies within it was never up.
inline constexpr double kProven = 15;

// For how many seconds the youngest of its tasks has run, by Marathon's clock; nothing: none runs, or it does not say.
std::optional<double> youngest_task(const AppState& app);
// For how many seconds its tasks still have to run to be believed; 0: they have, or health checks tell, or nobody says.
double still_to_run(const AppState& app);

// "its last task ended on s1 with TASK_FAILED: Command exited with status 3"; empty: none of this definition has.
std::string failure_in_words(const AppState& app);

// An app whose tasks do not run on is not ready, and of one of which that is not known nobody knows.
void hold_against_pulses(std::vector<InstanceHealth>& instances, const Desired& desired, const Observed& observed);

}  // namespace cctl
