// Shows a run while it goes on, and knows what is under way should it be given up.
#pragma once
#include <map>
#include <set>
#include <string>

#include "report/progress.hpp"
#include "run/run.hpp"

namespace cctl {

class Watcher : public RunListener {
 public:
  explicit Watcher(Progress& progress) : progress_(progress) {}

  void leg_begins(const Plan& shown, std::size_t leg) override;
  void wave_started(const Wave& wave) override;
  void step_started(const Step& step) override;
  void pulling(const Step& step, PullProgress pulled) override;
  void waiting(const Waiting& w) override;
  void step_ended(const Step& step, const StepReport& report) override;
  void wave_ended(const Wave& wave) override;

  // "restart of zookeeper on master2, ..." or "".
  std::string under_way() const;
  // The hosts of what is under way.
  std::set<std::string> at_work() const;

 private:
  Progress& progress_;
  std::map<const Step*, std::string> running_;
};

}  // namespace cctl
