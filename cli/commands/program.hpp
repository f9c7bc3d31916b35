// The command line: the table of commands, and the one that was chosen. Only program.cpp, command.cpp and
// completion.cpp know CLI11.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "commands/options.hpp"
#include "model/error.hpp"

namespace CLI {
class App;
}

namespace cctl {

// Which commands know what of the options of every command; the others refuse it.
struct Knowing {
  std::set<const CLI::App*> json;               // -o json
  std::set<const CLI::App*> inventory;          // -i, --cluster
  std::set<const CLI::App*> limit, components;  // --limit, --component
  // Whose options are not all known, and why: help tells the others, nothing else is done.
  std::map<const CLI::App*, Error> lacking;
  // Options that take one of some words: "-o,--output" -> table, json.
  std::map<std::string, std::vector<std::string>> choices;
};

// One subcommand while it is declared. What it binds must outlive parsing. Names as "-n,--lines".
class Command {
 public:
  Command(CLI::App* app, Knowing* knowing) : app_(app), knowing_(knowing) {}

  Command& flag(const std::string& names, bool& value, const std::string& what);
  Command& option(const std::string& names, std::string& value, const std::string& type, const std::string& what);
  Command& option(const std::string& names, std::optional<int>& value, const std::string& type,
                  const std::string& what);
  Command& option(const std::string& names, int& value, int least, int most, const std::string& what);
  Command& list(const std::string& names, std::vector<std::string>& value, const std::string& type,
                const std::string& what);
  Command& choice(const std::string& names, std::string& value, const std::vector<std::string>& words,
                  const std::string& what);
  Command& argument(const std::string& name, std::string& value, const std::string& what, bool required = false);
  Command& arguments(const std::string& name, std::vector<std::string>& values,
                     const std::string& what);                                                           // one or more
  Command& argument(const std::string& name, int& value, int least, int most, const std::string& what);  // required
  // The positional way to say -i; unless it is about the whole, --limit and --component narrow it.
  Command& inventory(Options& options, bool whole = false);
  Command& only_hosts();                         // narrowed by --limit alone
  Command& target();                             // about a cluster, which only -i and --cluster name
  Command& only_typed(const std::string& name);  // an option that no variable stands for
  Command& words(const std::string& name, std::vector<std::string>& value);  // all that is left of the line
  Command& hidden();                                                         // for scripts: no help names it
  Command& require(const std::string& name);
  Command& lacks(const Error& why);  // options that cannot be told
  Command& json();                   // knows -o json; every other command refuses it

 private:
  CLI::App* app_;
  Knowing* knowing_;
};

struct Program {
  Program(int argc, char** argv);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // A command whose `run` is called once the whole line is parsed; without one it only holds subcommands.
  Command add(const std::string& name, const std::string& what, std::function<int()> run_command);
  Command add_below(const std::string& parent, const std::string& name, const std::string& what,
                    std::function<int()> run_command);

  std::function<void()> before_run;  // once the line is known to be right

  // Runs what the line says. Help is printed and is 0; a mistake in the line is an Error (exit 2).
  int run();
  bool chosen(const std::string& command) const;
  bool is_about_cluster() const;  // and its line is known to be right
  bool wants_json() const;        // as far as is known of a line that cannot be parsed, too
  bool wants_events() const;      // the same, of --progress json
  // --data (or its variable) before the line is parsed: the playbooks found there add options to it.
  std::string data_argument() const;

  const Knowing& knowing() const { return knowing_; }

  std::unique_ptr<CLI::App> app;
  Options options;
  std::vector<std::string> arguments;  // as typed, without the program's name

 private:
  std::function<int()> run_;
  bool understood_ = false;
  const CLI::App* chosen_command() const;
  std::string words_of_command() const;
  void check_output() const;
  void check_known() const;
  void check_lacking() const;
  bool typed(const std::string& option) const;
  std::string said(const std::string& option, char letter = 0) const;  // or its variable, before the line is parsed
  Knowing knowing_;
};

}  // namespace cctl
