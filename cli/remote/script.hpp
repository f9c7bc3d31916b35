// How a script gets through the login shell of a host, whichever that is: POSIX shells, csh, tcsh and fish take the
// same line in the same way, and what the shell prints by itself is told apart from what the script says. Pure.
#pragma once
#include <optional>
#include <string>

#include "apply/doors.hpp"

namespace cctl {

// How commands become root, and whose login it is.
struct Access {
  bool sudo = false;
  std::optional<std::string> password;  // for sudo -S; never on a command line
  std::string user, host;               // for errors
};

// What every script of ours prints first, on both streams. It travels in two halves, so that a shell that shows its
// commands does not print it.
struct StartMark {
  std::string first, second;
  std::string line() const { return first + second + "\n"; }
};
StartMark new_mark();

// The line to execute, and what has to go over its input before anything else.
struct Invocation {
  std::string line, input;
};
// `seconds` after it has begun the host ends it, where it has a timeout(1) that can; 0: never.
Invocation invocation(const Access& access, const std::string& script, const StartMark& mark, long seconds);

// For the %b of printf: no quotes, no backslash that a shell would take, nothing but plain ASCII on one line.
std::string for_printf(const std::string& text);

// Why sudo began no script of ours; empty: it is not to blame.
std::string why_not_root(const Access& access, const CommandResult& result, const std::string& listed);
// Why no script of ours began: sudo, or a login shell that ended before; `listed` is what `sudo -n -l` said, if it was
// asked. `result` holds what was printed instead.
std::string why_not_begun(const Access& access, const CommandResult& result, const std::string& listed);
// Whether it is worth asking sudo what it allows.
bool sudo_may_tell(const Access& access, const CommandResult& result);

// The beginning of what a command printed, without the name and line of our own script.
std::string first_lines(const std::string& text);

}  // namespace cctl
