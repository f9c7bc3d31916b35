// What a plan can know of the turns of its waves before it is carried out: members that run serve, members that do not
// run, or whose host could not be looked at, do not. The run asks their probes, and goes by the same rules. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/quorum.hpp"

namespace cctl {

// What the run would refuse when it comes to the wave `rolling` is refused in the plan, and each turn says what serves
// meanwhile. Starting members (`calm`, before it) is never refused: the run stops after that, and the plan warns of it.
void foresee_turns(Plan& plan, const Observed& observed, const ComponentPlan& component, const Wave& calm,
                   Wave& rolling);

// The members of a component as a plan takes them down.
std::vector<Leaver> leavers(const Desired& desired, const Observed& observed, const std::string& component,
                            const std::vector<Step>& removed);

}  // namespace cctl
