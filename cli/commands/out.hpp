// Standard output and standard error. A reader that has gone away, or a full disk, ends no run half-way: what could not
// be written is known at the end.
#pragma once
#include <fmt/format.h>

#include <string>

namespace cctl {

void write_out(const std::string& text);
void write_err(const std::string& text);
void flush_out();

template <class... T>
void say(fmt::format_string<T...> format, T&&... values) {
  write_out(fmt::format(format, std::forward<T>(values)...));
}

template <class... T>
void tell(fmt::format_string<T...> format, T&&... values) {
  write_err(fmt::format(format, std::forward<T>(values)...));
}

// Where a program reads: one JSON document a run, an error too.
void print_json(const std::string& text);
bool json_was_printed();

// Writes out what is left; the errno of the first failure of standard output, 0: everything was written, or its reader
// has had enough.
int output_failure();

}  // namespace cctl
