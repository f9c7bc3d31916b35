// The flags of an instance: the playbook's, maps of the inventory that become one, and the inventory's own. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/playbook.hpp"
#include "plan/render.hpp"

namespace cctl {

// Narrower overrides come last, and win; null takes a flag away.
std::map<std::string, std::string> final_flags(const Playbook& playbook,
                                               const std::vector<const ComponentOverrides*>& overrides,
                                               const Scope& scope);

// The value of a flag, which a variable of the inventory replaces.
std::string said_value(const Playbook& playbook, const std::vector<const ComponentOverrides*>& overrides,
                       const std::map<std::string, std::string>& flags, const std::string& flag);

}  // namespace cctl
