// Carries out one leg of a plan: waves in order, gates between them, the way back when a gate does not open.
#pragma once
#include <chrono>
#include <stop_token>
#include <string>

#include "apply/hosts.hpp"
#include "apply/lease.hpp"
#include "model/plan.hpp"
#include "model/report.hpp"

namespace cctl {

// What a gate waits for, told each time it was asked and did not hold.
struct Waiting {
  std::string host;  // empty: the component as a whole
  std::string component;
  std::string wanted, seen;
  std::chrono::milliseconds elapsed{0}, timeout{0};
};

// Who watches a run. Called on the loop's thread; must not block.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void wave_started(const Wave&) {}
  virtual void step_started(const Step&) {}
  virtual void pulling(const Step&, PullProgress) {}
  virtual void waiting(const Waiting&) {}
  virtual void step_ended(const Step&, const StepReport&) {}
  virtual void wave_ended(const Wave&) {}
};

// Executes the leg and nothing but the leg. Outcomes, the failing of a step among them, are in the report; refusals
// in the plan have been dealt with by the caller. `lease` may be null; when it is lost, no further step begins. After
// `stop` was requested the running step is finished and the report says 130.
Task<Report> apply(const Leg& leg, Hosts& hosts, Clock& clock, Listener& listener, const Lease* lease,
                   std::stop_token stop);

}  // namespace cctl
