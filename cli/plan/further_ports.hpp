// Ports that an instance listens on beside those of its playbook, as the inventory's settings and flags say. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"
#include "model/sources.hpp"

namespace cctl {

struct FurtherPort {
  std::string name;  // "config.ports.grpc"
  int port = 0;
  Mark mark;
};

// Those alone that others of the host cannot have, too: at all of its addresses, or at the one that components bind.
std::vector<FurtherPort> further_ports(const Sources& sources, const Playbook& playbook, const Instance& i,
                                       const std::vector<const ComponentOverrides*>& overrides);

}  // namespace cctl
