// What hosts tell for the checks: one look each, and more where it takes more.
#pragma once
#include <set>
#include <string>

#include "apply/hosts.hpp"
#include "apply/observe.hpp"
#include "check/checks.hpp"

namespace cctl {

// Asks every connected host of `desired` for the facts of these checks, where it has not told them with a look that is
// kept in `looks`. Checks that need it also have it asked for clocks, images, ports of other hosts and virtual
// addresses.
Task<CheckInput> gather(Hosts& hosts, Clock& clock, const Desired& desired, const Looks& looks,
                        const std::set<std::string>& names);

// Advertisements of VRRP within three seconds as "SPEAKER ROUTER_ID" lines, to the multicast group or to this host.
extern const char* const kListenScript;

}  // namespace cctl
