// Commands told again, with the options that aim them: advice that names no cluster would be followed where another one
// is meant, and one that loses its --limit does more than was asked for. Pure.
#pragma once
#include <string>
#include <vector>

#include "plan/target.hpp"

namespace cctl {

// What every command about a cluster has in common.
struct Aim {
  InventoryTarget target;
  std::string data, playbooks;  // --data, --playbooks, where they were said
};

struct Retold {
  std::string verb;  // "up", "app scale"
  std::vector<std::string> limit, components;
  std::vector<std::string> more;  // other words of the line, as they were typed
};

// "clusterctl up -i 'my prod.yml' -l slave1 --component zookeeper --pull", for a shell.
std::string retold(const Aim& aim, const Retold& command);

// Every command about a cluster in a text of ours, aimed: "clusterctl logs zookeeper" becomes "clusterctl logs -i
// prod.yml zookeeper". The one that runs, told as "clusterctl up again", becomes `again` where that is given. What is
// aimed already is left as it is.
std::string aimed(const std::string& advice, const Aim& aim, const std::string& again = "");

}  // namespace cctl
