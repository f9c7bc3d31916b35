// What probes and verdicts say. Plain values.
#pragma once
#include <string>
#include <vector>

#include "model/probe.hpp"

namespace cctl {

// Probe results of one instance.
struct InstanceHealth {
  std::string host, component;
  std::vector<ProbeResult> probes;
  bool known = true;   // false: a probe could not be put, and none that could said no
  bool ready = false;  // every probe ok
  bool leader = false;
  std::string seen;  // one line
};

// What the verdicts say of one component, and whether it can lose a member.
struct ComponentHealth {
  std::string component;
  bool healthy = false;  // every member is ready and every verdict holds
  // The same for the members that could be asked, when these are a majority, strangers among them or not: what a gate
  // waits for.
  bool holds = false;
  bool unsure = false;               // it does not hold, but all who could be asked are ready, and somebody could not
  bool led = true;                   // no verdict about a single leader is broken
  int asked = 0;                     // members of which it is known whether they are ready
  std::vector<std::string> wanting;  // what does not hold, in words: "exactly one of 3 has mode leader: saw 0"
  int members = 0, ready = 0, tolerates = 0;
  std::string leader_host;
};

}  // namespace cctl
