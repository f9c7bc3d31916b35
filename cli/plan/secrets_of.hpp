// The secrets that an inventory holds. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/sources.hpp"

namespace cctl {

// Values of vars that the playbook calls secret, and of flags, variables, vars and members of what is handed on whose
// names say so; the passwords in addresses.
std::vector<std::string> secrets_of(const Sources& sources);

}  // namespace cctl
