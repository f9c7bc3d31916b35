#include "commands/out.hpp"

#include <cerrno>
#include <cstdio>

namespace cctl {
namespace {

int failure = 0;
bool printed = false;

void note(bool written) {
  if (!written && failure == 0 && errno != EPIPE) failure = errno;
}

}  // namespace

void write_out(const std::string& text) {
  note(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void write_err(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void flush_out() {
  note(std::fflush(stdout) == 0);
}

void print_json(const std::string& text) {
  write_out(text);
  printed = true;
}

bool json_was_printed() {
  return printed;
}

int output_failure() {
  flush_out();
  return failure;
}

}  // namespace cctl
