// Which inventory each cluster was last brought up from: paths only, in ${XDG_STATE_HOME:-~/.local/state}/clusterctl.
#pragma once
#include <map>
#include <string>

namespace cctl {

void remember_inventory(const std::string& cluster, const std::string& path);

struct Memory {
  std::string last;                             // the cluster of the last up
  std::map<std::string, std::string> clusters;  // cluster -> the path of its inventory
};
Memory remembered();

}  // namespace cctl
