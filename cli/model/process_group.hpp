// Programs of this machine: each is started without a shell of ours, in a session of its own, and is ended with all
// that it has started in turn and that has stayed there.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace cctl {

// A running program and what it has started. Ctrl-C reaches us alone, and no question of theirs reaches the terminal.
class ProcessGroup {
 public:
  struct Streams {
    int in = -1, out = -1, err = -1;  // -1: /dev/null
  };
  ProcessGroup(const std::vector<std::string>& argv, const Streams& streams);
  // Hangs up, as ssh does; what does not heed that is killed when the program itself has gone, or a second later.
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  int failure() const { return failure_; }  // why it could not be started, as errno
  // Whether the program itself has; what it started may still run.
  bool has_ended() const;
  // Kills what is left. The program's exit status, or 128 + the signal that has ended it.
  int end();

 private:
  int pid_ = 0, failure_ = 0;
};

// Ends all that still run; for who ends this program, also by a signal.
void end_process_groups();

struct ProgramResult {
  int status = 0;  // 127: the program is not there; 128 + signal when one ended it
  std::string out, err;
};

struct ProgramCall {
  std::string input = {};
  // If given, it also gets each line of either output.
  std::function<void(const std::string& line)> on_line = {};
  std::chrono::milliseconds time = std::chrono::minutes(30);
  std::size_t bytes = std::size_t{64} << 20;  // of both outputs
};

// Runs argv[0] and waits until it has ended. Throws Error where that takes too long, or too much is printed: it is
// killed then. What it leaves in its session is killed as well. SIGPIPE has to be ignored where there is input.
ProgramResult run_program(const std::vector<std::string>& argv, const ProgramCall& call = {});

}  // namespace cctl
