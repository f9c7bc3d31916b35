// Steps put in waves: what may be done at once, what one at a time, and what must hold afterwards. Pure.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/diff.hpp"

namespace cctl {

// Adds to the waves of the plan's only leg, and takes from the steps what it has put there. `running`: how many of a
// component run.
class Waves {
 public:
  Waves(Plan& plan, const Observed& observed, const DiffOptions& options, const std::map<std::string, int>& running)
      : plan_(plan), leg_(plan.first()), observed_(observed), options_(options), running_(running) {}

  // Those that give a host's service another, empty world, and the hosts where that is so.
  std::set<std::string> new_worlds(std::vector<Step>& steps);
  // Those of a component.
  void change(const ComponentPlan& c, std::vector<Step>& steps);

 private:
  void add(const ComponentPlan& c, Wave wave);
  bool is_asked_for(const std::string& component) const;
  bool runs_untouched(const std::string& component) const;
  bool touched(const std::string& component) const;

  Plan& plan_;
  Leg& leg_;
  const Observed& observed_;
  const DiffOptions& options_;
  const std::map<std::string, int>& running_;
};

}  // namespace cctl
