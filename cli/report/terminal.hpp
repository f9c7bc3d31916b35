// What the terminal can do, decided once: colour and width. Everything else in this room is told.
#pragma once
#include <string>

namespace cctl {

enum class Color { none, bold, dim, red, green, yellow, cyan };

struct Look {
  bool color = false;
  int columns = 80;
  int fold = 0;  // lines wider than this are parted; 0: none, for what reads a pipe line by line

  std::string paint(Color color_wanted, const std::string& text) const;
};

// `mode` is auto, always or never. auto: a terminal, unless NO_COLOR or TERM=dumb say no or CLICOLOR_FORCE says yes.
Look look_of(int fd, const std::string& mode);

bool is_terminal(int fd);

}  // namespace cctl
