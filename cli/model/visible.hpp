// What somebody else said, as it is shown: what a terminal or an eye could be led astray by is written out as \x1b or
// \u202e. Applied where text leaves the program (commands/out.hpp, apply/log.hpp, report/json_text.hpp), and where it
// becomes a line or a cell of ours (report/words.hpp, report/table.hpp). Twice changes nothing more.
#pragma once
#include <string>
#include <string_view>

namespace cctl {

// On one line: lines are parted by "; ", and none of them is at its end; tabs are blanks, a return at a line's end
// goes.
std::string visible(std::string_view text);

// Of one character, as Unicode numbers it, whether it is written out.
bool is_unseen(char32_t c);

// A command to the terminal that is ours ("[31m"): it bears a key of this run, without which the door writes it out.
std::string own_sequence(std::string_view command);

// Made of `visible` lines, or not: what may be written to a terminal. Lines and tabs stay.
std::string for_terminal(std::string_view text);

// The same without commands of ours, for what is no terminal.
std::string without_own(std::string_view text);

}  // namespace cctl
