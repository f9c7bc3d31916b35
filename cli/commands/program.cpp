#include "commands/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "commands/checked.hpp"
#include "commands/line_fault.hpp"
#include "commands/other_word.hpp"
#include "commands/out.hpp"
#include "commands/variables.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr const char* global_group = "Options of every command";

// CLI11's help names the variable behind each option; one sentence for all is easier to read.
class Help : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name();  // the word, then ":" and what it is checked by
    return option->get_items_expected_max() == 0 || type.empty() ? "" : " " + type.substr(0, type.find(':'));
  }
  std::string make_footer(const CLI::App* app) const override {
    if (app->get_parent() != nullptr) return "\nclusterctl --help lists the options of every command.\n";
    return "\nEach option --some-name may also be set as CLUSTERCTL_SOME_NAME, which the line replaces: "
           "CLUSTERCTL_LIMIT, "
           "CLUSTERCTL_OUTPUT, ...; CLUSTERCTL_INVENTORY and CLUSTERCTL_CLUSTER say which cluster is meant. "
           "CLUSTERCTL_STATE_DIR is where the clusters of earlier runs are remembered.\n";
  }
};

// Gives every option of every command its environment variable.
void add_environment(CLI::App& app) {
  // The inventory and the cluster are weighed in commands/target.cpp; the first two are no settings.
  static const std::set<std::string> none = {"help", "version", "inventory", "cluster"};
  for (CLI::Option* option : app.get_options()) {
    const auto& names = option->get_lnames();
    const bool settable = !names.empty() && !none.count(names.front()) && option->get_group() != typed_group;
    if (settable) option->envname(variable_of(names.front()));
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) add_environment(*command);
}

// All that are read.
std::vector<std::string> variables_of(const CLI::App& app) {
  std::vector<std::string> out = {"CLUSTERCTL_INVENTORY", "CLUSTERCTL_CLUSTER", "CLUSTERCTL_STATE_DIR",
                                  "CLUSTERCTL_ENGINE_DIR"};  // the last by images/engine
  for (const CLI::Option* option : app.get_options())
    if (!option->get_envname().empty()) out.push_back(option->get_envname());
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto below = variables_of(*command);
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

void add_options(CLI::App& app, Options& o, std::map<std::string, std::vector<std::string>>& choices) {
  const auto option = [&](const std::string& names, auto& value, const std::string& what, const std::string& type) {
    return app.add_option(names, value, what)->type_name(type)->group(global_group);
  };
  const auto flag = [&](const std::string& names, auto& value, const std::string& what) {
    return app.add_flag(names, value, what)->group(global_group);
  };
  const auto text = [&](const std::string& names, std::optional<std::string>& value, const std::string& what,
                        const std::string& type) {
    app.add_option_function<std::string>(
           names, [&value](const std::string& given) { value = given; }, what)
        ->type_name(type)
        ->group(global_group);
  };
  text("-i,--inventory", o.inventory, "the inventory file; inventory.yml here where there is one", "FILE");
  text("--cluster", o.cluster, "the cluster that is meant, also one that an earlier up remembered", "NAME");
  add_list(app, "-l,--limit", o.limit,
           "only these hosts: names, addresses, groups (@slaves), patterns of both (slave*, 10.0.1.*)")
      ->type_name("HOST,...")
      ->group(global_group);
  add_list(app, "--component", o.components, "only these components")->type_name("NAME,...")->group(global_group);
  flag("-y,--yes", o.yes, "answer the question before a change");
  flag("--no-input", o.no_input, "never ask; exit 10 where a question would be asked");
  const auto choice = [&](const std::string& names, std::string& value, const std::vector<std::string>& words,
                          const std::string& what, const std::string& type) {
    option(names, value, what, type)->check(CLI::IsMember(words));
    choices[names] = words;
  };
  choice("-o,--output", o.output, {"table", "json"}, "table or json, on standard output", "FORMAT");
  flag("-q,--quiet", o.quiet, "no progress");
  flag("-v,--verbose", o.verbose, "more; -vv for debugging");
  choice("--progress", o.progress, {"auto", "tty", "plain", "json", "none"},
         "auto, tty, plain, json or none, on standard error", "MODE");
  choice("--color", o.color, {"auto", "always", "never"}, "auto, always or never", "WHEN");
  flag("--timings", o.timings, "what each host cost: connections, round trips, time");
  option("-c,--concurrency", o.concurrency, "logins at once", "N")->check(whole_within(1, 1000));
  option("--timeout", o.timeout, "wait this long for health instead of the playbook's time", "SECONDS")
      ->check(seconds_within(0, 86400));
  option("--ssh-timeout", o.ssh_timeout, "wait this long for a login, twice where sshd answers", "SECONDS")
      ->check(seconds_within(0.1, 600));
  option("--command-timeout", o.command_timeout,
         "wait this long for a look at a host to begin, and as long for its end", "SECONDS")
      ->check(seconds_within(0.1, 3600));
  option("--log-file", o.log_file, "write a log for debugging", "FILE");
  option("--data", o.data, "directory with playbooks/ and images/", "DIR");
  option("--playbooks", o.playbooks, "more playbooks, read after the ones that come with clusterctl", "DIR")
      ->check(existing_directory());
}

// Lines that are wider than the terminal go on below their last column.
std::string folded_help(const std::string& help, int columns) {
  std::string out;
  for (const std::string& line : lines_of(help)) {
    const std::size_t text = line.find_first_not_of(' ');
    const std::size_t gap = text == std::string::npos ? text : line.rfind("  ");
    const bool two_columns = gap != std::string::npos && gap > text;
    const std::size_t indent = two_columns ? line.find_first_not_of(' ', gap) : text == std::string::npos ? 0 : text;
    out += folded(line, columns, static_cast<int>(indent));
  }
  return out;
}

// Help of a command that is none is no help: CLI11 would show that of the whole.
void check_help(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* level = &app;
  for (const std::string& word : words) {
    if (word.starts_with('-')) return;
    const std::vector<std::string> verbs = verbs_of(*level);
    if (verbs.empty()) return;  // an argument
    const auto below = level->get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
    if (below.empty()) {
      const std::string other = other_word(word, verbs);
      const std::string text = "unknown command \"" + word + "\"" + (other.empty() ? did_you_mean(word, verbs) : other);
      throw Error(text + (text.back() == '?' ? " " : "; ") + "clusterctl --help shows what there is", 2);
    }
    level = below.front();
  }
}

}  // namespace

Program::Program(int argc, char** argv)
    : app(std::make_unique<CLI::App>(
          "Brings up, changes, watches and takes down a containerised cluster over SSH from one YAML file.",
          "clusterctl")),
      arguments(argv + 1, argv + argc) {
  // `help up` is `up --help`.
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  app->formatter(std::make_shared<Help>());
  app->require_subcommand(1);
  app->set_help_flag("-h,--help", "this text");
  app->set_version_flag("--version", "clusterctl " CCTL_VERSION, "the version of clusterctl");
  add_options(*app, options, knowing_.choices);
}

Program::~Program() = default;

Command Program::add(const std::string& name, const std::string& what, std::function<int()> run_command) {
  CLI::App* command = app->add_subcommand(name, what);
  command->fallthrough();
  if (run_command) {
    command->parse_complete_callback([this, chosen = std::move(run_command)] { run_ = chosen; });
  } else {
    command->require_subcommand(1);
  }
  return Command(command, &knowing_);
}

Command Program::add_below(const std::string& parent, const std::string& name, const std::string& what,
                           std::function<int()> run_command) {
  CLI::App* command = app->get_subcommand(parent)->add_subcommand(name, what);
  command->fallthrough();
  command->parse_complete_callback([this, chosen = std::move(run_command)] { run_ = chosen; });
  return Command(command, &knowing_);
}

int Program::run() {
  add_environment(*app);
  if (!arguments.empty() && arguments.back() == "--help") check_help(*app, arguments);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes the words from the back
    app->parse(reversed);
  } catch (const CLI::CallForVersion& e) {
    if (wants_json()) throw Error("--version prints no JSON; clusterctl version -o json does", 2);
    say("{}\n", e.what());
    return 0;
  } catch (const CLI::CallForHelp&) {
    if (wants_json()) throw Error("help prints no JSON; leave -o json out", 2);
    write_out(folded_help(app->help(), look_of(STDOUT_FILENO, options.color).columns));
    return 0;
  } catch (const CLI::ParseError& e) {
    check_lacking();
    const std::string text = line_fault(*app, arguments, e.what());
    throw Error(
        text + (text.back() == '?' ? " " : "; ") + "clusterctl " + words_of_command() + "--help shows what there is",
        2);
  }
  check_lacking();
  check_output();
  check_known();
  options.limit_of_variable = !typed("-l") && !typed("--limit");
  options.components_of_variable = !typed("--component");
  for (const std::string& text : unread_variables(environment_names(), variables_of(*app)))
    if (options.quiet == 0) tell("warning: {}\n", text);
  understood_ = true;
  if (before_run) before_run();
  return run_();
}

const CLI::App* Program::chosen_command() const {
  const CLI::App* command = app.get();
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command;
}

// "app list ", of what was typed.
std::string Program::words_of_command() const {
  std::string words;
  for (const CLI::App* command = app.get(); !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    words += command->get_name() + " ";
  }
  return words;
}

void Program::check_output() const {
  if (options.json() && !knowing_.json.count(chosen_command()))
    throw Error("clusterctl " + words_of_command() + "prints no JSON; leave -o json out", 2);
}

void Program::check_lacking() const {
  if (const auto found = knowing_.lacking.find(chosen_command()); found != knowing_.lacking.end()) throw found->second;
}

// What aims or narrows a command must not be passed over in silence; a variable is meant for whom it concerns.
void Program::check_known() const {
  const CLI::App* command = chosen_command();
  const auto refuse_typed = [&](const std::set<const CLI::App*>& known, const char* option, const char* why) {
    if (!known.count(command) && typed(option))
      throw Error(fmt::format("clusterctl {}takes no {}: {}", words_of_command(), option, why), 2);
  };
  const char* whole = "it is not about single hosts or components";
  refuse_typed(knowing_.limit, "-l", whole);
  refuse_typed(knowing_.limit, "--limit", whole);
  refuse_typed(knowing_.components, "--component",
               knowing_.limit.count(command) ? "its component is its argument" : whole);
  for (const char* option : {"-i", "--inventory", "--cluster"})
    refuse_typed(knowing_.inventory, option, "it is not about a cluster of an inventory");
}

// "-l" is also typed as "-lHOST", "--limit" as "--limit=HOST".
bool Program::typed(const std::string& option) const {
  const bool is_short = option[1] != '-';
  const auto end = std::find(arguments.begin(), arguments.end(), "--");  // what follows is no option
  return std::any_of(arguments.begin(), end, [&](const std::string& word) {
    return word == option || word.starts_with(is_short ? option : option + "=");
  });
}

bool Program::chosen(const std::string& command) const {
  const auto parsed = app->get_subcommands();
  return std::any_of(parsed.begin(), parsed.end(), [&](const CLI::App* one) { return one->get_name() == command; });
}

bool Program::is_about_cluster() const {
  return understood_ && knowing_.inventory.count(chosen_command()) > 0;
}

std::string Program::said(const std::string& option, char letter) const {
  const std::string word = "--" + option, is = word + "=", brief = {'-', letter};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& typed = arguments[i];
    if (typed.starts_with(is)) return typed.substr(is.size());
    if (letter && typed.size() > 2 && typed.starts_with(brief)) return typed.substr(typed[2] == '=' ? 3 : 2);
    if ((typed == word || (letter && typed == brief)) && i + 1 < arguments.size()) return arguments[i + 1];
  }
  const char* variable = std::getenv(variable_of(option).c_str());
  return variable ? variable : "";
}

bool Program::wants_json() const {
  return options.json() || said("output", 'o') == "json";
}

bool Program::wants_events() const {
  return said("progress") == "json";
}

std::string Program::data_argument() const {
  return said("data");
}

}  // namespace cctl
