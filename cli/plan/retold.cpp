#include "plan/retold.hpp"

#include <algorithm>
#include <set>

#include "model/joined.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

const std::string kProgram = "clusterctl ";

std::string aiming_words(const Aim& aim) {
  InventoryTarget by_option = aim.target;
  if (by_option.from == InventoryTarget::From::argument) by_option.from = InventoryTarget::From::option;
  std::string out = target_words(by_option);
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) out += (out.empty() ? "" : " ") + std::string(option) + " " + shell_word(value);
  };
  add("--data", aim.data);
  add("--playbooks", aim.playbooks);
  return out;
}

// Where the command's own words end: behind "up", and behind "app list"; 0: it is not about a cluster.
std::size_t end_of_verb(const std::string& text, std::size_t from) {
  static const std::set<std::string> one = {"check",  "down", "logs",    "plan",    "render",
                                            "status", "up",   "upgrade", "validate"};
  static const std::set<std::string> two = {"app", "images"};
  const auto end_of_word = [&](std::size_t at) {
    return std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at), text.size());
  };
  const std::size_t end = end_of_word(from);
  const std::string verb = text.substr(from, end - from);
  if (one.count(verb)) return end;
  const std::size_t below = end < text.size() && text[end] == ' ' ? end_of_word(end + 1) : end;
  return two.count(verb) && below > end + 1 ? below : 0;
}

// Options that aim, or a word that stands for a file.
bool is_aimed(const std::string& text, std::size_t at) {
  for (const char* start : {" -i ", " --cluster ", " --data ", " --playbooks ", " INVENTORY"})
    if (text.compare(at, std::string(start).size(), start) == 0) return true;
  return false;
}

}  // namespace

std::string retold(const Aim& aim, const Retold& command) {
  std::string out = kProgram + command.verb;
  if (const std::string words = aiming_words(aim); !words.empty()) out += " " + words;
  if (!command.limit.empty()) out += " -l " + shell_word(joined(command.limit, ","));
  if (!command.components.empty()) out += " --component " + shell_word(joined(command.components, ","));
  if (!command.more.empty()) out += " " + shell_line(command.more);
  return out;
}

std::string aimed(const std::string& advice, const Aim& aim, const std::string& again) {
  const std::string words = aiming_words(aim), once_more = " again";
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = advice.find(kProgram); at != std::string::npos; at = advice.find(kProgram, done)) {
    const std::size_t verb = at + kProgram.size(), end = end_of_verb(advice, verb);
    const std::string told = advice.substr(verb, end > verb ? end - verb : 0);
    const bool same = (told == "up" || told == "down") && advice.compare(end, once_more.size(), once_more) == 0;
    if (same && !again.empty()) {
      out += advice.substr(done, at - done) + again;
      done = end + once_more.size();
    } else {
      const std::size_t copied = end == 0 ? verb : end;
      out += advice.substr(done, copied - done);
      if (end != 0 && !words.empty() && !is_aimed(advice, end)) out += " " + words;
      done = copied;
    }
  }
  return out + advice.substr(done);
}

}  // namespace cctl
