// What a rule says of a host that is not as wanted, and the commands that put it right.
#pragma once
#include <string>
#include <vector>

namespace cctl {

using HostCommand = std::vector<std::string>;  // words, never a line for a shell

struct Ruling {
  std::string wrong;  // empty: as wanted
  std::string cure;   // what the commands do, in words
  std::vector<HostCommand> commands;
  std::vector<HostCommand> undo;  // for `down`; empty: it stays
  std::string help;               // what a person can do where there are no commands
  std::string note;               // what the commands leave open
  bool restarts_engine = false;   // and with it what runs there
};

}  // namespace cctl
