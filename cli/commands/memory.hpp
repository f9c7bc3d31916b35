// Which inventory each cluster was last brought up from: paths only, in ${XDG_STATE_HOME:-~/.local/state}/clusterctl.
#pragma once
#include <map>
#include <string>

namespace cctl {

// Warns where that cannot be: a file that is damaged is left as it is.
void remember_inventory(const std::string& cluster, const std::string& path);

struct Memory {
  std::string last;                             // the cluster of the last up
  std::map<std::string, std::string> clusters;  // cluster -> the path of its inventory
  std::string fault;  // "FILE:LINE:COLUMN: not JSON: ...": what is wrong with the file, and what to do
};
// A file that is not there remembers nothing; of one that is damaged, what can be read.
Memory remembered();

}  // namespace cctl
