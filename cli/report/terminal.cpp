#include "report/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "model/visible.hpp"

namespace cctl {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool wants_color(int fd, const std::string& mode) {
  if (mode != "auto") return mode == "always";
  if (!variable("NO_COLOR").empty()) return false;
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    if (!variable(name).empty() && variable(name) != "0") return true;
  }
  return is_terminal(fd) && variable("TERM") != "dumb";
}

const char* code(Color color) {
  switch (color) {
    case Color::none:
      return "";
    case Color::bold:
      return "1";
    case Color::dim:
      return "2";
    case Color::red:
      return "31";
    case Color::green:
      return "32";
    case Color::yellow:
      return "33";
    case Color::cyan:
      return "36";
  }
  return "";
}

}  // namespace

bool is_terminal(int fd) {
  return isatty(fd) == 1;
}

std::string Look::paint(Color color_wanted, const std::string& text) const {
  if (!color || color_wanted == Color::none || text.empty()) return text;
  return own_sequence(std::string("[") + code(color_wanted) + "m") + text + own_sequence("[0m");
}

Look look_of(int fd, const std::string& mode) {
  Look look{wants_color(fd, mode)};
  winsize size{};
  if (const int columns = std::atoi(variable("COLUMNS").c_str()); columns > 0) {
    look.columns = look.fold = columns;
  } else if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    look.columns = look.fold = size.ws_col;
  }
  return look;
}

}  // namespace cctl
