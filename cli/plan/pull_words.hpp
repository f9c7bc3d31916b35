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

// The way on, without the command that goes on it.
std::string pull_advice(PullFault fault, const std::string& image);

}  // namespace cctl
