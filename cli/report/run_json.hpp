// For programs: what a run did, and why a command failed. Versioned by "schema".
#pragma once
#include <string>
#include <vector>

#include "model/mistake.hpp"
#include "model/report.hpp"

namespace cctl {

// clusterctl.run/1: steps with their outcomes, failures with the log's last lines.
std::string run_json_text(const std::string& command, const std::string& cluster, const Report& report);

// clusterctl.error/1; `mistakes` are those of the inventory, where they are the reason.
std::string error_json_text(const std::string& text, int exit_code, const std::vector<Mistake>& mistakes);

}  // namespace cctl
