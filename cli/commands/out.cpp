#include "commands/out.hpp"

#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "model/secrets.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

int failure = 0;
bool printed = false, as_events = false;

void note(bool written) {
  if (!written && failure == 0 && errno != EPIPE) failure = errno;
}

std::string at_the_door(const std::string& text) {
  return for_terminal(without_known_secrets(text));
}

const char* to_text(Kind kind) {
  switch (kind) {
    case Kind::note:
      return "note";
    case Kind::warning:
      return "warning";
    case Kind::error:
      return "error";
    case Kind::question:
      return "question";
    case Kind::log:
      return "log";
  }
  return "";
}

// Without the empty lines around it.
std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of('\n');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of("\n ") + 1 - begin);
}

}  // namespace

void write_out(const std::string& text) {
  const std::string shown = at_the_door(text);
  note(std::fwrite(shown.data(), 1, shown.size(), stdout) == shown.size());
}

std::string for_err(const std::string& text, Kind kind) {
  if (!as_events) return at_the_door(text);
  const std::string told = trimmed(without_own(text));
  if (told.empty()) return "";
  return event_line({{"event", to_text(kind)}, {"text", told}}, std::chrono::system_clock::now());
}

void write_err(const std::string& text, Kind kind) {
  write_event(for_err(text, kind));
}

void write_event(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void tell_events() {
  as_events = true;
}

bool telling_events() {
  return as_events;
}

void warn(const std::string& text) {
  write_err((as_events ? "" : "warning: ") + one_line(text), Kind::warning);
}

void complain(const std::string& text, const Look& look) {
  if (as_events) return write_err(text, Kind::error);
  std::string told, start = look.paint(Color::red, "error: ");
  for (const std::string& line : lines_of(text)) {
    told += start + one_line(line);
    start = "  ";
  }
  write_err(told, Kind::error);
}

void flush_out() {
  note(std::fflush(stdout) == 0);
}

// It was cleaned value by value: in the document itself a secret may be a piece of its syntax.
void print_json(const std::string& text) {
  note(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
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
