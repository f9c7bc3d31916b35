// Which inventory each cluster was last brought up from: paths only, in ${XDG_STATE_HOME:-~/.local/state}/clusterctl.
#pragma once
#include <string>

namespace cctl {

void remember_inventory(const std::string& cluster, const std::string& path);

// The inventory of `cluster`, or of the last up when `cluster` is empty. Throws Error (exit 2) when there is none.
std::string remembered_inventory(const std::string& cluster);

}  // namespace cctl
