// What every command takes. Each flag may also come from CLUSTERCTL_<FLAG>.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace cctl {

struct Options {
  // As typed; commands/target.hpp says which inventory that means.
  std::optional<std::string> argument, inventory, cluster;  // FILE behind the command, -i, --cluster
  std::string data, playbooks;
  std::vector<std::string> limit, components;
  std::string output = "table", color = "auto", progress = "auto", log_file;
  bool limit_of_variable = false, components_of_variable = false;  // not typed
  bool reads_input = false;                                        // the inventory may be -, standard input
  bool yes = false, no_input = false, timings = false;
  int quiet = 0, verbose = 0;
  int concurrency = 32;
  double timeout = 0, ssh_timeout = 10, command_timeout = 60;  // seconds; timeout 0: the playbooks' own

  bool json() const { return output == "json"; }
};

}  // namespace cctl
