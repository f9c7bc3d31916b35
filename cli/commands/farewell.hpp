// Ctrl-C while threads work that nothing waits for: an unfinished file goes, a line is said, and the program ends with
// 130.
#pragma once
#include <csignal>
#include <string>
#include <vector>

namespace cctl {

// While it lives; one at a time. Ctrl-C, SIGTERM and SIGHUP do what they did before once it is gone.
class Farewell {
 public:
  explicit Farewell(const std::string& words);  // after "interrupted; "
  ~Farewell();
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;
  static void takes_along(const std::string& file);  // from now on this file goes with it

 private:
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace cctl
