#include "plan/host_faults.hpp"

#include <algorithm>

#include "plan/select.hpp"

namespace cctl {

void tell_faults(Plan& plan, const DiffOptions& chosen) {
  const auto concerns = [&](const HostFault& fault) {
    const auto members = plan.first().desired.of(fault.component);
    return std::any_of(members.begin(), members.end(),
                       [&](const Instance* i) { return is_chosen(chosen, i->host, i->component); });
  };
  for (const HostFault& fault : plan.first().desired.faults) {
    plan.faults.push_back(fault.in_words());
    if (concerns(fault)) plan.refusals.push_back({3, fault.in_words()});
  }
}

void tell_fault(Plan& plan, const HostFault& fault) {
  plan.first().desired.faults.push_back(fault);
  plan.faults.push_back(fault.in_words());
  plan.refusals.push_back({3, fault.in_words()});
}

}  // namespace cctl
