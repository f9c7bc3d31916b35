// One run over a cluster: what up, upgrade and down have in common, and what tests/fake runs. It reads as its list of
// phases does (kPhases in run.cpp); commands fill in a request and listen.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "apply/apply.hpp"
#include "model/report.hpp"
#include "run/live.hpp"
#include "run/proof.hpp"

namespace cctl {

// The functions are called on the loop's thread and may throw Error: that ends the run.
struct RunRequest {
  std::string holder;  // the run in words, for who finds the lease taken
  WantedCluster wanted;
  ConnectLimits limits;
  bool prepares = false;  // hosts, as the inventory wants it
  // The part of the cluster that it is about, and the command told again with another --limit; null: it takes none.
  std::function<DiffOptions(const Live&)> chosen;
  Again again;
  std::function<void(const Live&)> needs;     // what else must be there; may be null
  std::function<Plan(const Live&)> plan;      // made once to be shown, and again under the lease
  std::set<std::string> checks;               // that may be made of the hosts before anything is changed
  std::function<bool(const Live&)> confirm;   // the answer to the shown plan; may wait for a person
  std::function<void(const Live&)> begins;    // nothing stands in the way, and the answer was yes; may be null
  std::function<void()> before_change;        // under the lease, where there is something to do; may be null
  std::function<void(Report&)> after_change;  // before health is proved; not after a change that throws; may be null
  std::function<std::string()> next;          // the command that goes on from where this one was interrupted
  bool ends_healthy = true;                   // prove the cluster's health at the end
  std::chrono::milliseconds gate_limit{0};    // instead of the components' own; 0: theirs
  std::stop_token stop;                       // the step that is under way is finished
};

// Who watches a run. Called on the loop's thread; must not block.
class RunListener : public Listener {
 public:
  virtual void planned(const Plan&) {}  // before it is refused, asked about or carried out
  // Where there are several: the leg of that number, of the plan that was shown.
  virtual void leg_begins(const Plan&, std::size_t) {}
  virtual void change_begins() {}  // from here on `stop` is the way to end it
  virtual void change_ended() {}   // not after a change that throws
};

struct RunEnd {
  Plan plan;  // the last that was made
  Report report;
  std::optional<Proof> proof;
  std::string cluster;

  Exit exit() const;
};

// Throws Error where the run ends before its change does, with what was changed by then in its words. All that it is
// given lives as long as the task.
Task<RunEnd> carry_out(Network& network, Clock& clock, RunListener& listener, const RunRequest& request);

}  // namespace cctl
