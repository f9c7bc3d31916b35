// The names that stand under `versions:`, found in the playbooks before any inventory is read: `upgrade` has an option
// for each.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cctl {

// Version key -> the components that follow it. Playbooks that cannot be read are left to load(), which says why.
std::map<std::string, std::vector<std::string>> version_keys(const std::string& data_dir);

}  // namespace cctl
