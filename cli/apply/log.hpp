// What a run does, line by line, for --log-file and -vv. Never what files hold, what commands are fed, or secrets.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "model/waited.hpp"

namespace cctl {

// "slave1  authenticated": nothing unless a log is wanted.
void log_line(const std::string& host, const std::string& what);

// The first line of a script, as long as fits a line.
std::string first_line(const std::string& script);

// One exchange with a host: told when it ends, with the time it took.
class LoggedCall {
 public:
  // What lasts is not waited for: a log that is followed, a lock that is held.
  enum class Kind { ends, lasts };
  LoggedCall(std::string host, std::string what, Kind kind = Kind::ends);
  ~LoggedCall();
  LoggedCall(const LoggedCall&) = delete;
  LoggedCall& operator=(const LoggedCall&) = delete;
  void ended(std::string how) { how_ = std::move(how); }  // "exit 0, 812 bytes"; else it was given up or failed

 private:
  std::string host_, what_, how_;
  std::chrono::steady_clock::time_point began_;
};

// The hosts that have been waited for at least so long, who was asked first before the others. On the thread of the
// exchanges.
std::vector<Waited> waited_for(std::chrono::milliseconds least);

}  // namespace cctl
