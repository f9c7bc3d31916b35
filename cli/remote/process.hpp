// A short local command, run to its end. Blocks: for the pool only.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "apply/doors.hpp"

namespace cctl {

// Exit status 127 when the program is not there. Throws Error when it does not end within `limit` (it is then killed).
CommandResult run_process(const std::vector<std::string>& command, std::chrono::milliseconds limit);

}  // namespace cctl
