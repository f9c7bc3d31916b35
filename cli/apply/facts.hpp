// What hosts tell for the checks: one look each, and more where it takes more.
#pragma once
#include <set>
#include <string>

#include "apply/hosts.hpp"
#include "check/check.hpp"

namespace cctl {

// Looks at every connected host of `desired`. With `names` of checks that need it also asks for clocks, images, ports
// of other hosts and virtual addresses.
Task<CheckInput> gather(Hosts& hosts, Clock& clock, const Desired& desired, const Observed& observed,
                        const std::set<std::string>& names);

// Advertisements of VRRP within three seconds as "SPEAKER ROUTER_ID" lines, to the multicast group or to this host.
extern const char* const kListenScript;

}  // namespace cctl
