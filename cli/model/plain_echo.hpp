// What every script of ours begins with: dash's echo takes "\n" in its words for the end of a line, so that the name of
// a file or a process would become lines of its own. This one prints what it is given, in every shell.
#pragma once

namespace cctl {

inline constexpr const char* plain_echo = "echo() { printf '%s\\n' \"$*\"; }\n";

}  // namespace cctl
