// For programs: what a run did, and why a command failed. Versioned by "schema".
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/mistake.hpp"
#include "model/report.hpp"
#include "report/status.hpp"

namespace cctl {

// What one run was and did. `health`: how the cluster is at its end, for those that prove it.
struct RunDocument {
  std::string command, cluster, inventory;
  Report report;
  int exit_code = 0;
  std::optional<Status> health;
};

// clusterctl.run/1: steps with their outcomes, failures with the log's last lines, legs that were not begun.
std::string run_json_text(const RunDocument& run);

nlohmann::json mistakes_json(const std::vector<Mistake>& mistakes);
// clusterctl.error/1; `mistakes` are those of the inventory, where they are the reason.
std::string error_json_text(const std::string& text, int exit_code, const std::vector<Mistake>& mistakes);

}  // namespace cctl
