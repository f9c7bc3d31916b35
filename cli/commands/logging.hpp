// The log of a run, for debugging: into a file when one is named, with -vv to standard error, otherwise nowhere.
#pragma once
#include <string>
#include <vector>

#include "commands/options.hpp"

namespace cctl {

// Error (exit 2) where the file cannot be written. `arguments` as typed, for its first line.
void start_log(const Options& options, const std::vector<std::string>& arguments);
void end_log(int exit_code);

}  // namespace cctl
