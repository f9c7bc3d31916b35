// What a run does, line by line, for --log-file and -vv. Never what files hold, what commands are fed, or secrets.
#pragma once
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "model/waited.hpp"

namespace cctl {

// "slave1  authenticated": nothing unless a log is wanted.
void log_line(const std::string& host, const std::string& what);

// What a script is called: the comment that it begins with, or its first line, as long as fits a line.
std::string name_of_script(const std::string& script);

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

// Something came from the host, be it that its sshd answered a beat.
void heard_from(const std::string& host);

// The hosts that have been waited for at least so long, who was asked first before the others. Hosts `at_work` take
// what time they need: they count from the last moment at which anything came from them, and only once a beat was
// missed. On the thread of the exchanges.
struct Patience {
  std::chrono::milliseconds asked, at_work;
};
std::vector<Waited> waited_for(const Patience& least, const std::set<std::string>& at_work);

}  // namespace cctl
