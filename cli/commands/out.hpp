// Standard output and standard error: the doors of what is shown. What others said is made visible here, and secrets
// that are known are hidden. A reader that has gone away, or a full disk, ends no run half-way: what could not be
// written is known at the end.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "model/visible.hpp"
#include "report/terminal.hpp"

namespace cctl {

// What a text on standard error is, as --progress json says it.
enum class Kind { note, warning, error, question, log };

void write_out(const std::string& text);  // whole lines, made by the room report
void write_err(const std::string& text, Kind kind = Kind::note);
std::string for_err(const std::string& text, Kind kind);  // the bytes that write_err writes
void flush_out();

// From now on each text on standard error is a line of JSON; lines of events are written as they are.
void tell_events();
bool telling_events();
void write_event(const std::string& line);

// A text that stands in a place of a format is one line.
template <class T>
auto in_place(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>)
    return visible(value);
  else
    return value;
}

template <class... T>
std::string formatted(fmt::string_view format, const T&... values) {
  return std::apply([&](const auto&... shown) { return fmt::vformat(format, fmt::make_format_args(shown...)); },
                    std::tuple(in_place(values)...));
}

template <class... T>
void say(fmt::format_string<T...> format, T&&... values) {
  write_out(formatted(format, values...));
}

template <class... T>
void tell(fmt::format_string<T...> format, T&&... values) {
  write_err(formatted(format, values...));
}

void warn(const std::string& text);
void complain(const std::string& text, const Look& look);  // "error: ...", further lines below it

// Where a program reads: one JSON document a run, an error too. It is what json_text (report/json_text.hpp) made.
void print_json(const std::string& text);
bool json_was_printed();

// Writes out what is left; the errno of the first failure of standard output, 0: everything was written, or its reader
// has had enough.
int output_failure();

}  // namespace cctl
