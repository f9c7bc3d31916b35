// Whether waiting for a container is of any use. Pure.
#pragma once
#include <string>

#include "apply/doors.hpp"

namespace cctl {

// What a gate has seen of a container that its step started.
struct CrashWatch {
  int restarts_before = 0;  // by the engine, before the step
  bool ended = false;       // seen as ended, and not to be started again, at the last look
};

// Why it will not run, in words that follow "does not run: "; empty: it may yet. Many programs exit and are started
// again until what they need is there, so that one crash or two say nothing.
std::string why_hopeless(const ContainerInfo& now, CrashWatch& watch);

}  // namespace cctl
