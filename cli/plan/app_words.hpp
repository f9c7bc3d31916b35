// Where the last words of a task are: its slave, its directory there, and what of a file is worth a line. Pure.
// Source: a master's /slaves, an agent's /state and /files/read as recorded and as documented by Mesos.
#pragma once
#include <optional>
#include <string>

#include "plan/app_fit.hpp"

namespace cctl {

// The address of a slave in a master's /slaves.
std::optional<HttpAddress> slave_address(const std::string& slaves, const std::string& slave);

// The directory of a task in its slave's /state, be it under way or over; empty: it is not known there any more.
std::string sandbox_of(const std::string& state, const std::string& task);

// "/files/read?..." for the end of a file.
std::string read_path(const std::string& file, long offset, long length);

// The last lines in the answer, without those that Mesos writes itself, on one line; empty: there are none.
std::string last_lines_of(const std::string& answer);

}  // namespace cctl
