// The inventory's own apps as part of the desired state. Pure.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/place.hpp"

namespace cctl {

// The component that runs apps, and where it is asked; `component` is empty when there is none.
struct AppRunner {
  std::string component;
  std::vector<const Host*> hosts;
  std::vector<std::string> addresses;
  int port = 0;
};
AppRunner app_runner(const Sources& sources, const Placement& placement);

// Each app becomes a component of one instance, named by its id, on the first host of the component that runs apps.
void expand_apps(const Sources& sources, const Placement& placement, Desired& out, std::vector<Mistake>& mistakes);

// Apps of the inventory that would be asked about from a host that cannot be reached are asked about from another.
void move_apps(Desired& desired, const std::set<std::string>& unreachable);

}  // namespace cctl
