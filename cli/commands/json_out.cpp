#include "commands/json_out.hpp"

#include <cstdio>

namespace cctl {
namespace {
bool printed = false;
}

void print_json(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  printed = true;
}

bool json_was_printed() {
  return printed;
}

}  // namespace cctl
