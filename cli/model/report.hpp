// What happened: per step done, failed and why, skipped and why. Outcomes are values.
#pragma once
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace cctl {

enum class Exit {
  ok = 0,
  failed = 1,
  usage = 2,
  preflight = 3,
  unreachable = 4,
  locked = 5,
  partial = 6,
  rolled_back = 7,
  refused = 8,
  timed_out = 9,
  needs_confirmation = 10,
  interrupted = 130
};

enum class Outcome { done, failed, skipped, rolled_back };
const char* to_text(Outcome v);

struct StepReport {
  std::string host, component, action;
  Outcome outcome = Outcome::done;
  std::string text;  // "restarted, follower" or why it failed
  std::chrono::milliseconds took{0};
};

// The message that ends the search. Empty parts are not printed.
struct Failure {
  std::string host, component;
  std::string what;  // "did not become healthy in 60s"
  std::string wanted, saw;
  std::vector<std::string> log;  // last lines of the container's log
  std::string state;             // what is left: "the old container 3.4.13 runs again"
  std::string next;              // the next command
};

struct Report {
  Exit exit = Exit::ok;
  std::vector<StepReport> steps;
  std::vector<Failure> failures;
  std::vector<std::string> not_begun;  // of the legs, by their names: "leg 3 of 3: ..."
  std::chrono::milliseconds took{0};

  // Every step was put back or not begun; images that were pulled change nothing that runs.
  bool nothing_stands() const {
    return std::all_of(steps.begin(), steps.end(), [](const StepReport& s) {
      return s.action == "pull" || s.outcome == Outcome::rolled_back || s.outcome == Outcome::skipped;
    });
  }
};

}  // namespace cctl
