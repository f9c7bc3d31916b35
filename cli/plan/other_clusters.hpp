// What other clusters run in the places of ours: of one that was renamed, or of a neighbour. Pure.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// Cluster -> what it runs ("zookeeper on m1") where the inventory has the same component; at most limits::listed
// clusters of a host, and as many of all. Hosts that `chosen` lacks are left out; empty: all hosts.
std::map<std::string, std::vector<std::string>> other_clusters(const Desired& desired, const Observed& observed,
                                                               const std::set<std::string>& chosen);

// `cluster "old" runs zookeeper on m1 and 2 more`
std::string runs_here(const std::string& cluster, const std::vector<std::string>& what);

// The cluster whose container runs this component on the host, where it is not ours; or "".
std::string other_cluster_on(const Desired& desired, const ObservedHost& host, const std::string& component);

}  // namespace cctl
