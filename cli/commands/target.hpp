// Which inventory a command is about, and whether that was said clearly enough for what it is about to do.
#pragma once
#include <string>

#include "commands/options.hpp"
#include "model/report.hpp"
#include "model/sources.hpp"
#include "plan/absent.hpp"
#include "plan/retold.hpp"
#include "report/status.hpp"

namespace cctl {

// By the line, the environment, this directory and what is remembered. Error (exit 2) where there is none.
InventoryTarget target_of(const Options& options);

// "prod (inventory.yml)"
std::string cluster_and_file(const std::string& cluster, const std::string& file);

// On standard error, for commands whose own output does not name it: the cluster of the last up, where nobody said one.
void tell_guess(const Options& options, const Sources& sources);
// The same, and cluster and file where they were said: for commands whose output does not name them.
void tell_target(const Options& options, const Sources& sources);

// Error (exit 10) where -y stands for a cluster that nobody named: before anything is asked of a host. `again` is the
// command once more.
void need_said(const Options& options, const std::string& again, const Sources& sources);

// A command once more, with what aims and narrows it: "clusterctl up -i prod.yml -l slave1". `more`: its other words.
std::string next_command(const Options& options, const std::string& command, std::vector<std::string> more = {});
// The same with another --limit.
Again with_limit(const Options& options, const std::string& command, std::vector<std::string> more = {});

// Advice in a text, aimed as this command is (plan/retold.hpp); the text as it is where no cluster is known.
std::string told_for(const Options& options, const std::string& text);
Plan aimed_plan(Plan plan, const Options& options);
void aim_status(Status& status, const Options& options);
void aim_failures(Report& report, const Options& options, const std::string& again);

}  // namespace cctl
