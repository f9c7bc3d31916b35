// clusterctl __complete hosts|apps|clusters -- WORDS: what may stand next in a half-typed line, for the completion
// scripts. Opens no connection, and says nothing where there is nothing to say.
#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/memory.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "load/load.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

struct Line {
  std::string what;
  std::vector<std::string> words;
};

// The part of the line that says which inventory is meant.
Options aimed(Options options, const std::vector<std::string>& words) {
  const bool has_file = words.empty() || words.front() != "app";  // app deploy FILE is another kind of file
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&](const std::string& option) -> std::optional<std::string> {
      if (word == option && i + 1 < words.size()) return words[i + 1];
      if (word.starts_with(option + "=")) return word.substr(option.size() + 1);
      return {};
    };
    for (const char* option : {"-i", "--inventory"})
      if (const auto given = value(option)) options.inventory = given;
    if (const auto given = value("--cluster")) options.cluster = given;
    if (const auto given = value("--data")) options.data = *given;
    if (const auto given = value("--playbooks")) options.playbooks = *given;
    const bool follows = i > 0 && words[i - 1].starts_with('-');
    const bool yaml = word.ends_with(".yml") || word.ends_with(".yaml");
    std::error_code failed;
    if (has_file && !follows && yaml && std::filesystem::is_regular_file(word, failed)) options.argument = word;
  }
  return options;
}

int run_complete(const Options& given, const Line& line) {
  std::set<std::string> out;
  try {
    if (line.what == "clusters") {
      for (const auto& [cluster, path] : remembered().clusters) out.insert(cluster);
    } else {
      const Options options = aimed(given, line.words);
      const LoadResult loaded = load(target_of(options).path, find_data(options.data), {}, options.playbooks);
      const Inventory& inventory = loaded.sources.inventory;
      for (const Host& host : inventory.hosts)
        if (line.what == "hosts") out.insert({host.name, host.group, "@" + host.group});
      for (const App& app : inventory.apps)
        if (line.what == "apps") out.insert(app.id);
    }
  } catch (const Error&) {
    // A half-typed line may be wrong in every way.
  }
  // bash expands what it is given to choose from.
  for (const std::string& word : out)
    if (shell_word(word) == word) say("{}\n", word);
  return 0;
}

}  // namespace

void add_complete(Program& program) {
  const auto line = std::make_shared<Line>();
  program.add("__complete", "", [&program, line] { return run_complete(program.options, *line); })
      .choice("what", line->what, {"hosts", "apps", "clusters"}, "")
      .require("what")
      .words("words", line->words)
      .hidden();
}

}  // namespace cctl
