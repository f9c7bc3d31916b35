// Questions to the person at the terminal.
#pragma once
#include <string>

#include "commands/options.hpp"

namespace cctl {

// Whether there is anybody to ask: a terminal, and neither --no-input nor CI.
bool may_ask(const Options& options);

// `flag` answers the question where nobody can be asked: Error with exit 10 names it.
// False for a no, an end of input or a signal.
bool ask_yes(const Options& options, const std::string& question, const std::string& flag);
bool ask_word(const Options& options, const std::string& question, const std::string& word, const std::string& flag);

// Asks for a secret without showing it.
std::string ask_secret(const std::string& question);

}  // namespace cctl
