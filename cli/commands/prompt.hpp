// Questions to the person at the terminal.
#pragma once
#include <string>

#include "commands/options.hpp"

namespace cctl {

class World;

// Whether there is anybody to ask: a terminal, and neither --no-input nor CI.
bool may_ask(const Options& options);

// `flag` answers the question where nobody can be asked: Error with exit 10 names it. False for a no or the end of
// input. Ctrl-C meanwhile is dealt with by `world`.
bool ask_yes(World& world, const std::string& question, const std::string& flag);
// "Apply to prod (prod.yml)?", answered as clearly as plan/target.hpp wants it for a cluster that was said, or was not.
bool ask_consent(World& world, const std::string& question, const std::string& cluster, bool grave);
// Before a change that asks nothing of a cluster that was said: Error (exit 10) after a no, where it is a guess.
void ask_guess(World& world, const std::string& question, const std::string& cluster);
bool ask_word(World& world, const std::string& question, const std::string& word, const std::string& flag);

// Asks for a secret without showing it; blocks, so it runs on a thread of its own.
std::string ask_secret(const std::string& question);
// Undoes the hiding when the program ends in the middle of that question.
void show_typing();

}  // namespace cctl
