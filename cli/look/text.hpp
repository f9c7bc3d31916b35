// What parsers of facts share. Pure.
#pragma once
#include <string>

#include "look/fact.hpp"
#include "model/cut.hpp"

namespace cctl {

std::string line_at(const TextLines& lines, std::size_t i);  // cut where it is long; "" behind the last
TextLines words_in(const std::string& line);
std::string trimmed_blanks(const std::string& text);  // without blanks and tabs at both ends
std::string bytes_of(const TextLines& base64);
// An address below /proc/net: a number in the machine's own byte order, turned round on x86 and ARM.
unsigned from_kernel(const std::string& hex);
// Kernel settings look like empty files: their values are asked for by a fact of their own.
bool is_setting(const std::string& path);

// A fact that is one line of text; `wanted`: it is known only where that is not empty.
template <std::string Facts::*member, bool wanted = false>
bool read_text(const Answered& told, Looked& out) {
  out.facts.*member = trimmed_blanks(line_at(told.lines, 0));
  return !wanted || !(out.facts.*member).empty();
}

template <std::vector<std::string> Facts::*member>
bool read_lines(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) (out.facts.*member).push_back(cut_text(line));
  return true;
}

// Whether anything was printed.
template <bool Facts::*member>
bool read_yes(const Answered& told, Looked& out) {
  out.facts.*member = !told.lines.empty();
  return true;
}

// "NAME VALUE", the name alone where there is no blank. The value is cut where it is long.
struct Named {
  explicit Named(const std::string& line)
      : name(line.substr(0, line.find(' '))),
        value(line.size() > name.size() ? cut_text(line.substr(name.size() + 1)) : "") {}
  std::string name, value;
};

}  // namespace cctl
