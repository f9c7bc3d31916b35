// The variables of the environment that are meant for this program.
#pragma once
#include <string>
#include <vector>

namespace cctl {

// The names of all that there are.
std::vector<std::string> environment_names();

// A line for each CLUSTERCTL_... of `set` that nothing reads: what it was to say is passed over. Pure.
std::vector<std::string> unread_variables(const std::vector<std::string>& set, const std::vector<std::string>& read);

}  // namespace cctl
