// clusterctl completion bash|zsh|fish: made from the command table itself, so that it never lags behind.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "model/check.hpp"
#include "model/shell_words.hpp"
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
  std::map<std::string, std::vector<std::string>> choices;  // "-o,--output" -> table, json
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
  Words top = words_of(app, app);
  cases += fmt::format("    help) options='' verbs=\"{}\" ;;\n", joined(top.verbs, " "));
  top.verbs.emplace_back("help");
  names += "|help";
  std::string helped, chosen;
  for (const CLI::App* command : commands_of(app))
    if (!commands_of(*command).empty())
      helped += fmt::format("    \"help {}\") verbs=\"{}\" ;;\n", command->get_name(),
                            joined(words_of(*command, app).verbs, " "));
  for (const auto& [option, words] : values.choices) {
    std::string either = option;
    std::replace(either.begin(), either.end(), ',', '|');
    chosen += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n", either,
                          joined(words, " "));
  }
  // Behind a comma the next of a list begins. The inventory is asked as the line so far names it.
  return fmt::format(R"bash(# A group, @slaves, is one word.
COMP_WORDBREAKS=${{COMP_WORDBREAKS//@}}
_clusterctl_list() {{
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
    --data|--playbooks|--dir) COMPREPLY=($(compgen -d -- "$current")); return ;;
{}  esac
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
{}  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$verbs" -- "$current"))
       [ -z "$command" ] || [ "$command" = help ] || [ -n "$verbs" ] || COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _clusterctl clusterctl
)bash",
                     values.checks, values.components, chosen, names, cases, joined(top.options, " "),
                     joined(top.verbs, " "), helped);
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

// What stands behind an option, as fish asks for it.
std::string fish_values(const std::string& name, const Values& values) {
  for (const auto& [option, words] : values.choices)
    if (option.substr(option.rfind(',') + 1) == name) return joined(words, " ");
  if (name == "--limit") return "(__clusterctl_list (__clusterctl_ask hosts))";
  if (name == "--cluster") return "(__clusterctl_ask clusters)";
  if (name == "--component") return "(__clusterctl_list " + values.components + ")";
  if (name == "--only" || name == "--skip" || name == "--skip-check")
    return "(__clusterctl_list " + values.checks + ")";
  return "";
}

std::string fish_options(const CLI::App& command, const std::string& condition, const Values& values) {
  std::string out;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() && option->get_snames().empty()) continue;
    out += "complete -c clusterctl" + condition;
    for (const std::string& name : option->get_lnames()) out += " -l " + name;
    for (const std::string& name : option->get_snames()) out += " -s " + name;
    const std::string words =
        option->get_lnames().empty() ? "" : fish_values("--" + option->get_lnames().front(), values);
    out += std::string(option->get_items_expected_max() == 0 ? ""
                       : words.empty()                       ? " -r"
                                                             : " -x") +
           (words.empty() ? "" : " -a " + fish_quoted(words)) + " -d " + fish_quoted(option->get_description()) + "\n";
  }
  return out;
}

std::string fish(const CLI::App& app, const Values& values) {
  std::string out = R"fish(function __clusterctl_ask
  set -l words (commandline -opc)
  $words[1] __complete $argv[1] -- $words[2..-1] 2>/dev/null
end
function __clusterctl_list
  set -l current (commandline -ct | string replace -r '^--[^=]*=' '')
  set -l before (string replace -rf '^(.*,).*' '$1' -- $current)
  for word in $argv
    echo "$before$word"
  end
end
)fish";
  out += fish_options(app, "", values);
  const auto within = [](const std::string& command) { return "__fish_seen_subcommand_from " + command; };
  const auto verb = [](const std::string& condition, const std::string& words, const std::string& what) {
    return fmt::format("complete -c clusterctl -n '{}' -f -a {}{}\n", condition, fish_quoted(words),
                       what.empty() ? "" : " -d " + fish_quoted(what));
  };
  for (const CLI::App* command : commands_of(app)) {
    const std::string name = command->get_name();
    out += verb("__fish_use_subcommand", name, command->get_description());
    out += verb(within("help"), name, command->get_description());
    out += fish_options(*command, " -n '" + within(name) + "'", values);
    if (name == "completion") out += verb(within(name), "bash zsh fish", "");
    if (name == "logs") out += verb(within(name), values.components, "");
    for (const CLI::App* sub : commands_of(*command)) {
      out += verb(within(name), sub->get_name(), sub->get_description());
      out += fish_options(*sub, fmt::format(" -n '{}; and {}'", within(name), within(sub->get_name())), values);
    }
  }
  out += verb(within("app") + "; and " + within("scale remove"), "(__clusterctl_ask apps)", "");
  return out + verb("__fish_use_subcommand", "help", "this text, or that of a command");
}

Values values_of(const Options& options, const Knowing& knowing) {
  std::vector<std::string> components, checks;
  for (const auto& entry : std::filesystem::directory_iterator(find_data(options.data) + "/playbooks"))
    if (const auto name = entry.path().stem().string(); entry.path().extension() == ".yml" && shell_word(name) == name)
      components.push_back(name);
  std::sort(components.begin(), components.end());
  for (const CheckKind& kind : check_kinds()) checks.push_back(kind.name);
  return {joined(components, " "), joined(checks, " "), knowing.choices};
}

int run_completion(const Program& program, const std::string& shell) {
  const Values values = values_of(program.options, program.knowing());
  if (shell == "zsh") write_out("autoload -U +X bashcompinit && bashcompinit\n");
  write_out(shell == "fish" ? fish(*program.app, values) : bash(*program.app, values));
  return 0;
}

}  // namespace

void add_completion(Program& program) {
  const auto shell = std::make_shared<std::string>();
  program
      .add("completion", "print a completion script: source <(clusterctl completion bash)",
           [&program, shell] { return run_completion(program, *shell); })
      .choice("shell", *shell, {"bash", "zsh", "fish"}, "bash, zsh or fish")
      .require("shell");
}

}  // namespace cctl
