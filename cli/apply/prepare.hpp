// What hosts are like before they are prepared: one exchange each.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "model/observed.hpp"
#include "prepare/facts.hpp"

namespace cctl {

// Of the hosts that were reached; one that does not answer for itself becomes one that was not.
Task<std::map<std::string, HostFacts>> ask_facts(Hosts& hosts, const Prepare& wanted, const std::vector<Host>& all,
                                                 Observed& observed);

}  // namespace cctl
