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
  std::map<std::string, std::string> roles;               // role -> the component that plays it; those that are played

  // Names of components and roles, a role as the component that plays it.
  std::vector<std::string> components(const std::vector<std::string>& names) const;
};

// Enabled: components whose version is given, that are placed or that say `enabled: true`, and what these need; without
// any `versions:` the playbooks with default_on; never those that say `enabled: false`. A needed role brings the one
// component that can play it, where none that can is enabled.
// Mistakes: a needed component that is off, a component without a host, an even ensemble, a circle of needs, a role
// that nobody or more than one plays.
Placement place(const Sources& sources, std::vector<Mistake>& mistakes);

}  // namespace cctl
