// What was read on hosts and cannot be used, told in a plan. Pure.
#pragma once
#include "model/plan.hpp"
#include "plan/diff.hpp"

namespace cctl {

// Every fault is told; the plan is refused (exit 3) where it is about a component of what was chosen.
void tell_faults(Plan& plan, const DiffOptions& chosen);

// One that was found while the plan was made, about an instance that was chosen.
void tell_fault(Plan& plan, const HostFault& fault);

}  // namespace cctl
