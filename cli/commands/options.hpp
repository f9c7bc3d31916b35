// What every command takes. Each flag may also come from CLUSTERCTL_<FLAG>.
#pragma once
#include <string>
#include <vector>

namespace cctl {

struct Options {
  std::string inventory;  // -i; a command's positional goes first
  std::string cluster;
  std::string data, playbooks;
  std::vector<std::string> limit, components;
  std::string output = "table", color = "auto", progress = "auto", log_file;
  bool yes = false, no_input = false, timings = false;
  int quiet = 0, verbose = 0;
  int concurrency = 32;
  double timeout = 0, ssh_timeout = 10;  // seconds; timeout 0: the playbooks' own

  bool json() const { return output == "json"; }
};

}  // namespace cctl
