// What a subcommand takes.
#include "commands/checked.hpp"
#include "commands/program.hpp"

namespace cctl {

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
  add_list(*app_, names, value, what)->type_name(type);
  return *this;
}

Command& Command::choice(const std::string& names, std::string& value, const std::vector<std::string>& words,
                         const std::string& what) {
  app_->add_option(names, value, what)->check(CLI::IsMember(words))->type_name(names.front() == '-' ? "WORD" : "");
  if (names.front() == '-') knowing_->choices[names] = words;
  return *this;
}

Command& Command::argument(const std::string& name, std::string& value, const std::string& what, bool required) {
  app_->add_option(name, value, what)->required(required)->type_name("");
  return *this;
}

Command& Command::arguments(const std::string& name, std::vector<std::string>& values, const std::string& what) {
  app_->add_option(name, values, what)->required()->type_name("");
  return *this;
}

Command& Command::argument(const std::string& name, int& value, int least, int most, const std::string& what) {
  app_->add_option(name, value, what)->required()->check(whole_within(least, most))->type_name("");
  return *this;
}

Command& Command::inventory(Options& options, bool whole) {
  if (!whole) knowing_->limit.insert(app_), knowing_->components.insert(app_);
  app_->add_option_function<std::string>(
          "inventory", [&options](const std::string& path) { options.argument = path; },
          "the inventory; without it inventory.yml here, or the cluster of the last up")
      ->type_name("");
  return target();
}

Command& Command::target() {
  knowing_->inventory.insert(app_);
  return *this;
}

Command& Command::only_hosts() {
  knowing_->components.erase(app_);
  return *this;
}

Command& Command::only_typed(const std::string& name) {
  app_->get_option(name)->group(typed_group);
  return *this;
}

Command& Command::words(const std::string& name, std::vector<std::string>& value) {
  app_->add_option(name, value)->type_name("");
  return *this;
}

Command& Command::hidden() {
  app_->group("");
  return *this;
}

Command& Command::require(const std::string& name) {
  app_->get_option(name)->required();
  return *this;
}

Command& Command::lacks(const Error& why) {
  knowing_->lacking.emplace(app_, why);
  return *this;
}

Command& Command::json() {
  knowing_->json.insert(app_);
  return *this;
}

}  // namespace cctl
