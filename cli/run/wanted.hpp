// What a cluster is to be: who its hosts are, and how the rest follows once the ids that lie on them are known.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/inventory.hpp"
#include "plan/member_ids.hpp"
#include "plan/old_ports.hpp"

namespace cctl {

// One state that a cluster is to be in.
struct WantedState {
  std::string title, reason;  // of the leg that leads there; empty where it is the only one
  // Throws Error where the ids that were found cannot be: the mistakes have been told.
  std::function<Desired(const KnownIds&)> expand;
  // Those of its instances that serve at these ports until they are changed.
  std::function<std::vector<Instance>(const KnownIds&, const PortsOf&)> with_ports;
};

struct WantedCluster {
  std::string cluster, file;  // file: the inventory's
  std::vector<Host> hosts;
  Prepare prepare;
  std::set<std::string> checks;  // whose facts are asked for with every look
  std::string revived_by;        // the command that starts hosts that have ended, where they are kept here; else empty
  std::map<std::string, std::vector<std::string>> id_paths;  // host -> files that may tell an id
  std::vector<WantedState> way;  // to what is wanted, which is the last of it; the first is the next
};

}  // namespace cctl
