#include "commands/line_fault.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "commands/other_word.hpp"
#include "load/text_file.hpp"
#include "model/mistake.hpp"

namespace cctl {
namespace {

std::string nearest_of(const std::string& word, const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    words.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return fmt::format("{}{}", fmt::join(words, ", "), did_you_mean(word, words));
}

// Each sentence that CLI11 2 can say of one option.
std::string in_our_words(const std::string& what) {
  const auto matches = [&](const char* shape, std::vector<std::string>& found) {
    re2::StringPiece parts[4];
    if (!RE2(shape, RE2::Latin1).Match(what, 0, what.size(), RE2::ANCHOR_BOTH, parts, 4)) return false;
    found.clear();
    for (const auto& part : parts) found.emplace_back(part.data() ? part.data() : "", part.size());
    return true;
  };
  std::vector<std::string> m;
  if (what.starts_with("A subcommand") || what.starts_with("Requires at least 1 subcommand"))
    return "a command is required";
  if (matches(R"((\S+): \d+ required .*missing)", m) || matches(R"(Expected .* arguments to (\S+), got 0)", m) ||
      matches(R"((\S+): At least \d+ required but received \d+)", m))
    return m[1] + " wants a value behind it";
  if (matches(R"((\S+): At [Mm]ost 1 required but received (\d+))", m) ||
      matches(R"(Expected exactly 1 arguments to (\S+), got (\d+))", m))
    return fmt::format("{} is given {} times; say the one that is meant", m[1], m[2]);
  if (matches(R"((\S+): ([\s\S]*) not in \{(.*)\})", m))
    return fmt::format("{}: {} is none of {}", m[1], quote(m[2]), nearest_of(m[2], m[3]));
  if (matches(R"(Could not convert: (\S+) = ([\s\S]*))", m)) {
    const bool number = m[2].find_first_of("0123456789") != std::string::npos;
    return fmt::format("{}: {} is not what it takes{}", m[1], quote(m[2]), number ? ": a whole number" : "");
  }
  if (matches(R"((\S+) was given a disallowed flag override)", m) ||
      matches(R"((\S+): (?:Should be true/false.*|too many inputs for a flag))", m))
    return m[1] + " takes no value, or true or false";
  if (matches(R"((\S+) (requires|excludes) (\S+))", m))
    return fmt::format("{} {} {}", m[1], m[2] == "requires" ? "wants, beside it," : "does not go with", m[3]);
  return what;
}

// What a variable says is told as that of its option.
std::string source_of(const std::vector<std::string>& words, const std::string& told) {
  const auto start = told.find("--");
  if (start == std::string::npos) return "";
  const std::string name = told.substr(start, told.find_first_of(": =", start) - start);
  const bool typed = std::any_of(words.begin(), words.end(), [&](const auto& word) { return word.starts_with(name); });
  const std::string variable = variable_of(name.substr(2));
  return typed || !std::getenv(variable.c_str()) ? "" : ", from " + variable;
}

// Of "-abc" CLI11 hands back what it did not take: "-c".
std::string as_typed(const std::string& left, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), left) != words.end() || left.size() < 2) return left;
  for (const std::string& word : words)
    if (word.size() > 1 && word[0] == '-' && word[1] != '-' && word.ends_with(left.substr(1))) return word;
  return left;
}

}  // namespace

std::string variable_of(const std::string& option) {
  std::string out = "CLUSTERCTL_";
  for (const char c : option) out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::string> verbs_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* verb : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (verb->get_group().empty()) continue;  // not for people
    out.push_back(verb->get_name());
    for (const std::string& below : verbs_of(*verb)) out.push_back(verb->get_name() + " " + below);
  }
  return out;
}

std::string line_fault(const CLI::App& app, const std::vector<std::string>& words, const std::string& what) {
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) {
    const std::string told = in_our_words(what);
    return told + source_of(words, told);
  }
  const auto chosen = app.get_subcommands();
  std::vector<std::string> known;
  for (const CLI::App* level : {&app, static_cast<const CLI::App*>(chosen.empty() ? nullptr : chosen.front())}) {
    if (!level) continue;
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
    for (const CLI::App* command : level->get_subcommands([](const CLI::App*) { return true; }))
      if (!command->get_group().empty()) known.push_back(command->get_name());
  }
  const std::string word = as_typed(left.front(), words);
  const bool option = word.starts_with('-');
  const char* kind = option ? "option" : chosen.empty() ? "command" : "word";
  const std::string start = fmt::format("unknown {} {}", kind, quote(word));
  if (word == "--dry-run" || word == "--check" || word == "--noop")
    return start + "; clusterctl plan shows what up would do, and up, upgrade and down show their plan before they ask";
  const std::string other = option ? "" : other_word(word, verbs_of(chosen.empty() ? app : *chosen.front()));
  return start + (other.empty() ? did_you_mean(word, known) : other);
}

}  // namespace cctl
