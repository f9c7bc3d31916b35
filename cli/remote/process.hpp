// Local commands: a short one run to its end, which blocks, and what ends with us.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "apply/doors.hpp"

namespace cctl {

// Exit status 127 when the program is not there. Throws Error when it does not end within `limit` (it is then killed).
CommandResult run_process(const std::vector<std::string>& command, std::chrono::milliseconds limit);

// Groups of processes that are hung up when the program ends, by whatever way but a signal that kills it.
void ends_with_us(pid_t group);
void has_ended(pid_t group);

}  // namespace cctl
