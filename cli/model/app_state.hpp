// An app as Marathon has it.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace cctl {

struct AppTask {
  std::string id, state;
  std::string version;                 // of the definition that it was started from
  std::optional<double> started = {};  // by Marathon's clock, in seconds
};

// The task that failed last, as Marathon remembers it; empty id: none has.
struct AppFailure {
  std::string task, version, host, slave, state, message;
  std::optional<double> when = {};  // by Marathon's clock, in seconds
};

// Whether an app's tasks run on, as far as one look at it tells (plan/app_pulse.hpp).
struct AppPulse {
  enum class Kind { steady, restarting, unsure };
  Kind kind = Kind::steady;
  std::string reason;  // of what is not steady, or has failed lately: "its last task ended on s1 with TASK_FAILED:
                       // exited with status 3"
};

struct AppState {
  std::string id, image;
  std::string digest, component_version;  // our labels; empty: somebody else deployed it
  std::string version;                    // Marathon's: when it was last changed
  std::string changed;                    // when something besides the number of instances was; empty: not known
  int instances = 0;                      // wanted
  int running = 0, healthy = 0;           // tasks
  bool checked = false;                   // it has health checks: `healthy` counts
  std::vector<std::string> needs;         // paths of the apps and groups that it depends on
  std::vector<std::string> deployments;   // ids of those under way
  std::vector<AppTask> tasks;             // empty where only their number is known
  AppFailure failure;
  std::optional<double> now;  // Marathon's clock at its answer

  // Every instance runs, is healthy where that is checked, and no deployment is under way.
  bool settled() const;
  // "2 of 3 run, 1 of 3 healthy, a deployment is under way"
  std::string in_words() const;
};

}  // namespace cctl
