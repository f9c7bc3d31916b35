// One run at a time: a lock held by a process on a majority of the masters. The process lives as long as our connection
// and its heartbeat do, so that nothing is left behind.
#pragma once
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "model/inventory.hpp"

namespace cctl {

class Lease {
 public:
  // The line by which others know this run: who@where, pid, command, since.
  static std::string holder_line(const std::string& who, const std::string& where, long pid, const std::string& command,
                                 const std::string& since);

  // Asks every master (every host when there are no masters). Returns the line of another run that holds the lease,
  // empty when it is ours. Throws Unreachable when no majority of the masters answers.
  Task<std::string> take(Hosts& hosts, const std::vector<Host>& all, std::string cluster, std::string holder);

  // Whether a majority is still held, as far as this side knows.
  bool held() const;

 private:
  std::vector<Connection*> held_;
  std::size_t needed_ = 0;
};

}  // namespace cctl
