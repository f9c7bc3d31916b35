// clusterctl completion bash|zsh|fish: made from the command table itself, so that it never lags behind.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "model/check.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

// What one place of the line may hold.
struct Words {
  std::vector<std::string> options, verbs;
};

void add(std::vector<std::string>& to, const std::string& word) {
  if (std::find(to.begin(), to.end(), word) == to.end()) to.push_back(word);
}

void add_options(Words& to, const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) add(to.options, "--" + name);
    for (const std::string& name : option->get_snames()) add(to.options, "-" + name);
  }
}

// Of one command with what is below it, and the options that every command takes.
Words words_of(const CLI::App& command, const CLI::App& app) {
  Words out;
  add_options(out, command);
  for (const CLI::App* sub : commands_of(command)) {
    add(out.verbs, sub->get_name());
    add_options(out, *sub);
  }
  add_options(out, app);
  return out;
}

// The words that stand after an option, or in the place of an argument.
struct Values {
  std::string components, checks;
};

// One function for both shells: zsh runs it through bashcompinit.
std::string bash(const CLI::App& app, const Values& values) {
  std::string cases, names;
  for (const CLI::App* command : commands_of(app)) {
    Words words = words_of(*command, app);
    if (command->get_name() == "completion") words.verbs = {"bash", "zsh", "fish"};
    const std::string verbs = command->get_name() == "logs" ? values.components : joined(words.verbs, " ");
    cases +=
        fmt::format("    {}) options=\"{}\" verbs=\"{}\" ;;\n", command->get_name(), joined(words.options, " "), verbs);
    names += (names.empty() ? "" : "|") + command->get_name();
  }
  const Words top = words_of(app, app);
  // Behind a comma the next of a list begins. The inventory is asked as the line so far names it.
  return fmt::format(R"bash(_clusterctl_list() {{
  local prefix=
  case $current in *,*) prefix=${{current%,*}}, ;; esac
  COMPREPLY=($(compgen -P "$prefix" -W "$1" -- "${{current##*,}}"))
}}
_clusterctl_ask() {{
  "${{COMP_WORDS[0]/#\~/$HOME}}" __complete "$1" -- "${{COMP_WORDS[@]:1:$((COMP_CWORD-1))}}" 2>/dev/null
}}
_clusterctl() {{
  local word options verbs current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=
  if [ "$current" = = ]; then
    current=
  elif [ "$before" = = ] && [ "$COMP_CWORD" -gt 2 ]; then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  case $before in
    -l|--limit) _clusterctl_list "$(_clusterctl_ask hosts)"; return ;;
    --cluster) COMPREPLY=($(compgen -W "$(_clusterctl_ask clusters)" -- "$current")); return ;;
    -i|--inventory|--log-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --only|--skip|--skip-check) _clusterctl_list "{}"; return ;;
    --component) _clusterctl_list "{}"; return ;;
    -o|--output) COMPREPLY=($(compgen -W "table json" -- "$current")); return ;;
  esac
  for word in "${{COMP_WORDS[@]:1:$((COMP_CWORD-1))}}"; do
    case $word in {}) command=$word; break ;; esac
  done
  case $command in
{}    *) options="{}" verbs="{}" ;;
  esac
  for word in "${{COMP_WORDS[@]:1:$((COMP_CWORD-1))}}"; do
    case " $verbs " in *" $word "*) verbs= ;; esac
  done
  case "$command ${{COMP_WORDS[COMP_CWORD-1]}}" in
    "app scale"|"app remove") verbs=$(_clusterctl_ask apps) ;;
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$verbs" -- "$current"))
       [ -z "$command" ] || [ -n "$verbs" ] || COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _clusterctl clusterctl
)bash",
                     values.checks, values.components, names, cases, joined(top.options, " "), joined(top.verbs, " "));
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

Values values_of(const Options& options) {
  std::vector<std::string> components, checks;
  for (const auto& entry : std::filesystem::directory_iterator(find_data(options.data) + "/playbooks"))
    if (entry.path().extension() == ".yml") components.push_back(entry.path().stem().string());
  std::sort(components.begin(), components.end());
  for (const CheckKind& kind : check_kinds()) checks.push_back(kind.name);
  return {joined(components, " "), joined(checks, " ")};
}

int run_completion(const Options& options, const CLI::App& app, const std::string& shell) {
  if (shell == "zsh") say("autoload -U +X bashcompinit && bashcompinit\n");
  say("{}", shell == "fish" ? fish(app) : bash(app, values_of(options)));
  return 0;
}

}  // namespace

void add_completion(Program& program) {
  const auto shell = std::make_shared<std::string>();
  program
      .add("completion", "print a completion script: source <(clusterctl completion bash)",
           [&program, shell] { return run_completion(program.options, *program.app, *shell); })
      .choice("shell", *shell, {"bash", "zsh", "fish"}, "bash, zsh or fish")
      .require("shell");
}

}  // namespace cctl
