// Which components run, on which hosts, in which order. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/mistake.hpp"
#include "model/sources.hpp"

namespace cctl {

struct Placement {
  std::vector<std::string> order;                         // enabled components, each after what it needs
  std::map<std::string, std::vector<const Host*>> hosts;  // component -> hosts, in the inventory's order
};

// Enabled: components whose version is given, that are placed or that say `enabled: true`, and what these need; without
// any `versions:` the playbooks with default_on; never those that say `enabled: false`.
// Mistakes: a needed component that is off, a component without a host, an even ensemble, a circle of needs.
Placement place(const Sources& sources, std::vector<Mistake>& mistakes);

}  // namespace cctl
