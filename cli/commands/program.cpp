#include "commands/program.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "load/text_file.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"

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
    return "\nEach option --some-name may also be set as CLUSTERCTL_SOME_NAME.\n";
  }
};

std::string variable_of(const std::string& flag) {
  std::string out = "CLUSTERCTL_";
  for (const char c : flag) out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

// Gives every option of every command its environment variable.
void add_environment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const auto& names = option->get_lnames();
    if (!names.empty() && names.front() != "help") option->envname(variable_of(names.front()));
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) add_environment(*command);
}

// In our words; CLI11's speak of values and of six decimals.
CLI::Validator within(double least, double most, const std::string& what, bool whole) {
  const std::string fault = fmt::format("is no {} from {} to {}", what, least, most);
  return CLI::Validator(
      [=](std::string& text) {
        double value = 0;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value);
        const bool good = error == std::errc() && stop == end && value >= least && value <= most &&
                          (!whole || value == std::floor(value));
        return good ? std::string() : quote(text) + " " + fault;
      },
      "");
}

CLI::Validator whole_within(int least, int most) {
  return within(least, most, "whole number", true);
}

CLI::Validator seconds_within(double least, double most) {
  return within(least, most, "number of seconds", false);
}

void add_options(CLI::App& app, Options& o) {
  const auto option = [&](const std::string& names, auto& value, const std::string& what, const std::string& type) {
    return app.add_option(names, value, what)->type_name(type)->group(global_group);
  };
  const auto flag = [&](const std::string& names, auto& value, const std::string& what) {
    return app.add_flag(names, value, what)->group(global_group);
  };
  option("-i,--inventory", o.inventory, "the inventory file", "FILE");
  option("--cluster", o.cluster, "a cluster that an earlier up remembered", "NAME");
  option("-l,--limit", o.limit, "only these hosts", "HOST,...")->delimiter(',')->allow_extra_args(false);
  option("--component", o.components, "only these components", "NAME,...")->delimiter(',')->allow_extra_args(false);
  flag("-y,--yes", o.yes, "answer the question before a change");
  flag("--no-input", o.no_input, "never ask; exit 10 where a question would be asked");
  option("-o,--output", o.output, "table or json, on standard output", "FORMAT")
      ->check(CLI::IsMember({"table", "json"}));
  flag("-q,--quiet", o.quiet, "no progress");
  flag("-v,--verbose", o.verbose, "more; -vv for debugging");
  option("--progress", o.progress, "auto, tty, plain, json or none, on standard error", "MODE")
      ->check(CLI::IsMember({"auto", "tty", "plain", "json", "none"}));
  option("--color", o.color, "auto, always or never", "WHEN")->check(CLI::IsMember({"auto", "always", "never"}));
  flag("--timings", o.timings, "what each host cost: connections, round trips, time");
  option("-c,--concurrency", o.concurrency, "logins at once", "N")->check(whole_within(1, 1000));
  option("--timeout", o.timeout, "wait this long for health instead of the playbook's time", "SECONDS")
      ->check(seconds_within(0, 86400));
  option("--ssh-timeout", o.ssh_timeout, "wait this long for a login, twice where sshd answers", "SECONDS")
      ->check(seconds_within(0.1, 600));
  option("--log-file", o.log_file, "write a log for debugging", "FILE");
  option("--data", o.data, "directory with playbooks/ and images/", "DIR");
  option("--playbooks", o.playbooks, "more playbooks, read after the ones that come with clusterctl", "DIR");
}

// What is wrong with a line that CLI11 would not take, with the nearest word that it would have.
std::string fault(const CLI::App& app, const std::vector<std::string>& words, const std::string& what) {
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) {
    // What a variable says is told as that of its option.
    const auto start = what.find("--");
    const std::string name =
        start == std::string::npos ? "" : what.substr(start, what.find_first_of(": =", start) - start);
    const bool typed =
        std::any_of(words.begin(), words.end(), [&](const auto& word) { return word.starts_with(name); });
    const char* variable = typed || name.empty() ? nullptr : std::getenv(variable_of(name.substr(2)).c_str());
    std::string told = what.starts_with("A subcommand") ? "a command is required" : what;
    return variable ? told + ", from " + variable_of(name.substr(2)) : told;
  }
  const auto chosen = app.get_subcommands();
  std::vector<std::string> known;
  for (const CLI::App* level : {&app, static_cast<const CLI::App*>(chosen.empty() ? nullptr : chosen.front())}) {
    if (!level) continue;
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
    for (const CLI::App* command : level->get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(command->get_name());
  }
  const bool option = left.front().rfind('-', 0) == 0;
  const char* kind = option ? "option" : chosen.empty() ? "command" : "word";
  return std::string("unknown ") + kind + " \"" + left.front() + "\"" + did_you_mean(left.front(), known);
}

}  // namespace

Command& Command::flag(const std::string& names, bool& value, const std::string& what) {
  app_->add_flag(names, value, what);
  return *this;
}

Command& Command::option(const std::string& names, std::string& value, const std::string& type,
                         const std::string& what) {
  app_->add_option(names, value, what)->type_name(type);
  return *this;
}

Command& Command::option(const std::string& names, std::optional<int>& value, const std::string& type,
                         const std::string& what) {
  const auto take = [&value](int given) { value = given; };
  app_->add_option_function<int>(names, take, what)->type_name(type);
  return *this;
}

Command& Command::option(const std::string& names, int& value, int least, int most, const std::string& what) {
  app_->add_option(names, value, what)->check(whole_within(least, most))->type_name("N");
  return *this;
}

Command& Command::list(const std::string& names, std::vector<std::string>& value, const std::string& type,
                       const std::string& what) {
  app_->add_option(names, value, what)->delimiter(',')->allow_extra_args(false)->type_name(type);
  return *this;
}

Command& Command::choice(const std::string& names, std::string& value, const std::vector<std::string>& words,
                         const std::string& what) {
  app_->add_option(names, value, what)->check(CLI::IsMember(words))->type_name(names.front() == '-' ? "WORD" : "");
  return *this;
}

Command& Command::argument(const std::string& name, std::string& value, const std::string& what, bool required) {
  app_->add_option(name, value, what)->required(required)->type_name("");
  return *this;
}

Command& Command::argument(const std::string& name, int& value, int least, int most, const std::string& what) {
  app_->add_option(name, value, what)->required()->check(whole_within(least, most))->type_name("");
  return *this;
}

Command& Command::inventory(Options& options, bool whole) {
  if (!whole) narrowed_->insert(app_);
  app_->add_option_function<std::string>(
          "inventory", [&options](const std::string& path) { options.inventory = path; },
          "the inventory; without it the cluster of the last up")
      ->type_name("");
  return *this;
}

Command& Command::require(const std::string& name) {
  app_->get_option(name)->required();
  return *this;
}

Command& Command::json() {
  json_->insert(app_);
  return *this;
}

Program::Program(int argc, char** argv)
    : app(std::make_unique<CLI::App>(
          "Brings up, changes, watches and takes down a containerised cluster over SSH from one YAML file.",
          "clusterctl")),
      arguments(argv + 1, argv + argc) {
  app->formatter(std::make_shared<Help>());
  app->require_subcommand(1);
  app->set_help_flag("-h,--help", "this text");
  app->set_version_flag("--version", "clusterctl " CCTL_VERSION, "the version of clusterctl");
  add_options(*app, options);
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
  return Command(command, &json_, &narrowed_);
}

Command Program::add_below(const std::string& parent, const std::string& name, const std::string& what,
                           std::function<int()> run_command) {
  CLI::App* command = app->get_subcommand(parent)->add_subcommand(name, what);
  command->fallthrough();
  command->parse_complete_callback([this, chosen = std::move(run_command)] { run_ = chosen; });
  return Command(command, &json_, &narrowed_);
}

int Program::run() {
  add_environment(*app);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes the words from the back
    app->parse(reversed);
  } catch (const CLI::Success& e) {
    return app->exit(e);
  } catch (const CLI::ParseError& e) {
    const std::string text = fault(*app, arguments, e.what());
    throw Error(
        text + (text.back() == '?' ? " " : "; ") + "clusterctl " + words_of_command() + "--help shows what there is",
        2);
  }
  check_output();
  check_narrowed();
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
  if (options.json() && !json_.count(chosen_command()))
    throw Error("clusterctl " + words_of_command() + "prints no JSON; leave -o json out", 2);
}

// What narrows a command must not be passed over in silence; a variable is meant for whom it concerns.
void Program::check_narrowed() const {
  if (narrowed_.count(chosen_command())) return;
  for (const std::string& word : arguments)
    for (const char* option : {"-l", "--limit", "--component"})
      if (word == option || word.starts_with(option + std::string("=")) || (option[1] == 'l' && word.starts_with("-l")))
        throw Error(fmt::format("clusterctl {}takes no {}: it is not about single hosts or components",
                                words_of_command(), option),
                    2);
}

bool Program::chosen(const std::string& command) const {
  return app->got_subcommand(command);
}

bool Program::wants_json() const {
  if (options.json()) return true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--output=json" || word == "-ojson" || word == "-o=json") return true;
    if ((word == "-o" || word == "--output") && i + 1 < arguments.size() && arguments[i + 1] == "json") return true;
  }
  const char* variable = std::getenv("CLUSTERCTL_OUTPUT");
  return variable && std::string(variable) == "json";
}

std::string Program::data_argument() const {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--data" && i + 1 < arguments.size()) return arguments[i + 1];
    if (arguments[i].rfind("--data=", 0) == 0) return arguments[i].substr(7);
  }
  const char* variable = std::getenv("CLUSTERCTL_DATA");
  return variable ? variable : "";
}

}  // namespace cctl
