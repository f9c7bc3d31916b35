// The ports at which a component is found by others. Pure.
#pragma once
#include <map>
#include <string>

#include "plan/place.hpp"

namespace cctl {

using OtherPorts = std::map<std::string, std::map<std::string, int>>;  // host -> port -> number

// As the inventory gives them to all instances.
std::map<std::string, int> usual_ports(const Sources& sources, const Playbook& playbook);

// Where they are others on a host: who asks at 127.0.0.1 means its own host's, be it an instance of a part
// (consul-client for consul).
OtherPorts other_ports(const Sources& sources, const Placement& placement, const Playbook& playbook);

}  // namespace cctl
