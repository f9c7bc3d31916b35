// The name of a flag as a variable of the environment: PREFIX_UPPER_CASE. The one rule for what is written and for what
// is refused.
#pragma once
#include <string>

namespace cctl {

std::string flag_variable(const std::string& prefix, const std::string& flag);

// Where a playbook keeps the kind of a flag, or of a variable of no flag, beside those of its vars.
std::string flag_kind_of(const std::string& flag);

}  // namespace cctl
