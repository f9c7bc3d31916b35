// Other programs of this machine, started without a shell.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace cctl {

struct ProgramResult {
  int status = 0;  // 127: the program is not there; 128 + signal when one ended it
  std::string out, err;
};

using OnLine = std::function<void(const std::string& line)>;

// Runs argv[0] with `input` as its standard input and waits. `on_line`, if given, also gets each line of either output.
ProgramResult run_program(const std::vector<std::string>& argv, const std::string& input = "",
                          const OnLine& on_line = {});

}  // namespace cctl
