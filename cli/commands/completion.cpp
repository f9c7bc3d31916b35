// clusterctl completion bash|zsh|fish: made from the command table itself, so that it never lags behind.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/commands.hpp"
#include "commands/out.hpp"

namespace cctl {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_name().empty(); });
}

// "--limit --component -l ..." of one command, or of its `more` ancestors' table.
std::string words_of(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) out += " --" + name;
    for (const std::string& name : option->get_snames()) out += " -" + name;
  }
  for (const CLI::App* sub : commands_of(command)) out += " " + sub->get_name();
  return out;
}

// The same with the options of the commands below it.
std::string all_words_of(const CLI::App& command) {
  std::string out = words_of(command);
  for (const CLI::App* sub : commands_of(command)) out += words_of(*sub);
  return out;
}

// One function for both shells: zsh runs it through bashcompinit.
std::string bash(const CLI::App& app) {
  std::string cases, names;
  for (const CLI::App* command : commands_of(app)) {
    cases += fmt::format("    {}) words=\"{}{}\" ;;\n", command->get_name(), all_words_of(*command).substr(1),
                         words_of(app));
    names += (names.empty() ? "" : "|") + command->get_name();
  }
  return fmt::format(R"(_clusterctl() {{
  local word words current=${{COMP_WORDS[COMP_CWORD]}} command=
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {}) command=$word; break ;; esac
  done
  case $command in
{}    *) words="{}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case $current in -*) ;; *) [ -z "$command" ] || COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}}
complete -o filenames -F _clusterctl clusterctl
)",
                     names, cases, words_of(app).substr(1));
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string fish_options(const CLI::App& command, const std::string& condition) {
  std::string out;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() && option->get_snames().empty()) continue;
    out += "complete -c clusterctl" + condition;
    for (const std::string& name : option->get_lnames()) out += " -l " + name;
    for (const std::string& name : option->get_snames()) out += " -s " + name;
    out += std::string(option->get_items_expected_max() != 0 ? " -r" : "") + " -d " +
           fish_quoted(option->get_description()) + "\n";
  }
  return out;
}

std::string fish(const CLI::App& app) {
  std::string out = fish_options(app, "");
  for (const CLI::App* command : commands_of(app)) {
    out += fmt::format("complete -c clusterctl -n __fish_use_subcommand -f -a {} -d {}\n", command->get_name(),
                       fish_quoted(command->get_description()));
    out += fish_options(*command, " -n '__fish_seen_subcommand_from " + command->get_name() + "'");
    for (const CLI::App* sub : commands_of(*command)) {
      out += fmt::format("complete -c clusterctl -n '__fish_seen_subcommand_from {}' -f -a {} -d {}\n",
                         command->get_name(), sub->get_name(), fish_quoted(sub->get_description()));
      out += fish_options(*sub, fmt::format(" -n '__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}'",
                                            command->get_name(), sub->get_name()));
    }
  }
  return out;
}

int run_completion(const CLI::App& app, const std::string& shell) {
  if (shell == "zsh") say("autoload -U +X bashcompinit && bashcompinit\n");
  say("{}", shell == "fish" ? fish(app) : bash(app));
  return 0;
}

}  // namespace

void add_completion(Program& program) {
  const auto shell = std::make_shared<std::string>();
  program
      .add("completion", "print a completion script: source <(clusterctl completion bash)",
           [&program, shell] { return run_completion(*program.app, *shell); })
      .choice("shell", *shell, {"bash", "zsh", "fish"}, "bash, zsh or fish")
      .require("shell");
}

}  // namespace cctl
