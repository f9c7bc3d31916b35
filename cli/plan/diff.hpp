// One algorithm for plan, up, upgrade, status and down: desired against observed gives waves of steps. Pure.
#pragma once
#include <set>
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

struct DiffOptions {
  std::set<std::string> limit;       // hosts; empty: all
  std::set<std::string> components;  // empty: all
  bool allow_downgrade = false;
  bool allow_task_loss = false;
  bool offline = false;  // nothing was observed: everything is to be made
  bool pull = false;     // pull images even where a tag is present
};

// Desired against observed. Hosts that could not be observed become a warning and no steps.
Plan diff(const Desired& desired, const Observed& observed, const DiffOptions& options);

// Desired against nothing, in reverse order: containers, then files we wrote; data only with `purge`.
Plan diff_down(const Desired& desired, const Observed& observed, const DiffOptions& options, bool purge);

}  // namespace cctl
