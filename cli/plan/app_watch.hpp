// Whether an app's tasks run on, from one look to the next: Marathon ends a deployment without health checks as soon as
// its tasks have started, whatever becomes of them. Pure: the time is told.
// Source: Marathon 1.11 as measured (a task that ends at once is started again 1 s later, then ever more slowly).
#pragma once
#include <chrono>
#include <map>
#include <set>
#include <string>

#include "model/app_state.hpp"

namespace cctl {

class AppWatch {
 public:
  // Who has to be done in `patience` is given at most half of it.
  explicit AppWatch(std::chrono::milliseconds patience);

  // Looks come in order; `now` is of any clock that does not go back.
  void look(const AppState& app, std::chrono::milliseconds now);

  // Its tasks have run for long enough, one and all, and none took the place of one that has just failed
  // (plan/app_pulse.hpp); those with health checks are told by their checks.
  bool runs_on() const;
  // Three for each instance have ended since the first look, and those that followed have not run on.
  bool crashes() const;
  // How many have ended, and that the others have not run for long; empty: it runs on. The same from look to look.
  std::string in_words() const;

  static constexpr std::chrono::milliseconds kRunOn{5000};
  static constexpr std::size_t kCrashes = 3;

 private:
  void count_ended(const AppState& app);

  std::chrono::milliseconds run_on_, now_{0};
  std::map<std::string, std::chrono::milliseconds> since_;  // of the tasks that run: when that was seen first
  std::set<std::string> alive_, ended_;                     // tasks of this definition: at the last look, and gone
  std::string last_failure_;
  std::size_t tasks_ = 0;
  int instances_ = 0;
  bool looked_ = false, checked_ = false, restarting_ = false;
};

}  // namespace cctl
