// What up, upgrade and down have in common: plan, question, lease, apply, proof.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "commands/live.hpp"
#include "model/plan.hpp"
#include "model/report.hpp"
#include "report/progress.hpp"

namespace cctl {

struct RunRequest {
  std::string command;                    // for the lease's line: "up"
  std::function<Plan(const Live&)> plan;  // made once to be shown, and again under the lease
  // Asks; false is a no. Throws Error (exit 10) where nobody can be asked.
  std::function<bool()> confirm;
  std::function<void()> begins;                    // nothing stands in the way, and the answer was yes
  std::function<void()> before_apply;              // after the confirmation and under the lease
  std::function<void(const Report&)> after_apply;  // before health is proved; not after an apply that throws
  std::function<std::string()> next;               // the command that goes on from where this one was interrupted
  std::set<std::string> checks;                    // that may be made of the hosts before anything is changed
  bool ends_healthy = true;                        // prove the cluster's health at the end (not after down)
};

// The exit code of the command.
int carry_out(World& world, Live& live, Progress& progress, const RunRequest& request);

// Progress as the options want it, on standard error.
std::unique_ptr<Progress> progress_for(const Options& options);

// Its failures and what it did in all, on standard error.
void tell_report(const Report& report, const Options& options);

}  // namespace cctl
