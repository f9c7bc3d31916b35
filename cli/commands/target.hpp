// Which inventory a command is about, and whether that was said clearly enough for what it is about to do.
#pragma once
#include <string>

#include "commands/options.hpp"
#include "model/sources.hpp"
#include "plan/target.hpp"

namespace cctl {

// By the line, the environment, this directory and what is remembered. Error (exit 2) where there is none.
InventoryTarget target_of(const Options& options);

// "prod (inventory.yml)"
std::string cluster_and_file(const std::string& cluster, const std::string& file);

// On standard error, for commands whose own output does not name it: the cluster of the last up, where nobody said one.
void tell_guess(const Options& options, const Sources& sources);

// Error (exit 10) where -y stands for a cluster that nobody named: before anything is asked of a host.
void need_said(const Options& options, const std::string& command, const Sources& sources);

// The same command once more: "clusterctl up prod.yml -l slave1".
std::string next_command(const Options& options, const std::string& command);

}  // namespace cctl
