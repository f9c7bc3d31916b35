// Containers that serve at other ports than the inventory has by now: where they are asked until they are changed, and
// once a change of them was taken back. Pure.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/sources.hpp"
#include "plan/member_ids.hpp"

namespace cctl {

// By host and component: port name -> number.
using PortsOf = std::map<std::pair<std::string, std::string>, std::map<std::string, int>>;

// The ports of the last container that passed its gate, where it is there and has others than are wanted.
PortsOf old_ports(const Desired& desired, const Observed& observed);

// Those instances, rendered with these ports. What the inventory has at a port that it gave away since is no mistake.
std::vector<Instance> with_ports(Sources sources, const KnownIds& ids, const PortsOf& ports);

}  // namespace cctl
