// What an engine says when it cannot fetch an image: whose fault that is, and what to do about it. Pure.
#pragma once
#include <string>

namespace cctl {

enum class PullFault {
  no_space,
  limited,
  untrusted,
  other_machine,
  too_old,
  login,
  no_tag,
  unreachable,
  trouble,
  other
};
PullFault pull_fault(const std::string& said);

// The way on, without the command that goes on it; `docker_host`: where the host's engine is said to listen.
std::string pull_advice(PullFault fault, const std::string& image, const std::string& docker_host = "");

}  // namespace cctl
