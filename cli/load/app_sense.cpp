// What the fields of a definition mean together: each rule is one that Marathon answers 422 to, or passes over.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "load/app_fields.hpp"
#include "load/app_rules.hpp"
#include "load/app_tree.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

constexpr const char* name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.-";

// What surely is none: what is open in it, RE2 and Java end at alike. The rest of Java's expressions is for Marathon.
bool is_expression(const std::string& text) {
  if (text.find_first_of("*+?") == 0) return false;
  const RE2 read(text, RE2::Quiet);
  switch (read.error_code()) {
    case RE2::ErrorMissingBracket:
    case RE2::ErrorMissingParen:
    case RE2::ErrorTrailingBackslash:
      return false;
    default:
      return true;
  }
}

// What Java surely reads no URI in.
bool is_uri(const std::string& text) {
  return text.find_first_of(" \t\"<>\\^`{|}") == std::string::npos;
}

}  // namespace

bool is_whole(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string::npos;
}

const Tree* AppCheck::at(std::string_view path) const {
  return tree_at(app_, path);
}

bool AppCheck::has(std::string_view path) const {
  return !is_empty(at(path));
}

std::string AppCheck::said(std::string_view path) const {
  return text_at(app_, path);
}

void AppCheck::sense() const {
  runs_something();
  container();
  parameters();
  networks();
  only_one_of();
  unique_ports();
  constraints();
  health_checks();
  readiness();
  volumes();
  resident();
  unreachable();
  needs();
  secrets();
  single_instance();
  others();
}

void AppCheck::runs_something() const {
  const Tree *cmd = at("cmd"), *args = at("args");
  if (cmd && cmd->kind == Kind::text && cmd->text.find_first_not_of(" \t\n") == std::string::npos)
    return wrong(cmd->mark, of("cmd") + " is empty");
  if (cmd && !is_empty(args))
    return wrong(args->key_mark, of("args") + " stands beside cmd, and Marathon takes one of the two");
  if (cmd || !is_empty(args) || has("container")) return;
  const Tree* id = app_.find("id");
  wrong(id ? id->mark : app_.mark,
        fmt::format("app {} runs nothing: it needs cmd, args, or a container with an image", quote(id_)));
}

bool AppCheck::in_docker() const {
  const Tree* container = at("container");
  return container && lower_case(text_at(*container, "type", "DOCKER")) == "docker";
}

void AppCheck::container() const {
  const Tree* container = at("container");
  if (!container || container->kind != Kind::map || container->items.empty()) return;
  const Tree* docker = at("container.docker");
  if (docker && docker->kind == Kind::map && said("container.docker.image").empty())
    wrong(docker->key_mark, of("container.docker") + " needs an image");
  else if (!docker && in_docker())
    wrong(container->key_mark, of("container") + " is of type DOCKER and needs docker: {image: ...}");
  else if (docker && !in_docker() && before("1.3"))
    wrong(docker->key_mark,
          fmt::format("an image of Docker's in a container of type MESOS came with Marathon 1.3, and this is {}",
                      marathon_->text));
  else if (!docker && !has("container.appc") && !has("cmd") && !has("args"))
    wrong(
        container->key_mark,
        fmt::format("app {} runs nothing: its container has no image, and there is neither cmd nor args", quote(id_)));
  if (docker && docker->kind == Kind::map && !in_docker() && !before("1.3"))
    for (const char* key : {"network", "parameters", "portMappings"})
      if (const Tree* part = tree_at(*docker, key); !is_empty(part)) {
        const std::string text = of("container.docker." + std::string(key)) + " goes with containers of type DOCKER";
        since("1.5") ? wrong(part->key_mark, text) : odd(part->key_mark, text + ", and has no effect");
      }
  if (const Tree* discovery = at("ipAddress.discovery"); discovery && in_docker() && since("1.5"))
    wrong(discovery->key_mark, of("ipAddress.discovery") + " works in containers of type MESOS only");
  if (const Tree* gpus = at("gpus"); gpus && number_of(*gpus) > 0 && in_docker())
    wrong(gpus->mark, of("gpus") + " works in containers of type MESOS only");
}

// Two ways to say one thing.
void AppCheck::only_one_of() const {
  struct Pair {
    std::string_view one, other;
  };
  // An empty one is an address of the task's own, too.
  constexpr std::string_view address = "ipAddress";
  for (const Pair& pair :
       {Pair{"uris", "fetch"}, Pair{"networks", "ipAddress"}, Pair{"networks", "container.docker.network"},
        Pair{"container.portMappings", "container.docker.portMappings"}, Pair{"ports", "ipAddress"},
        Pair{"portDefinitions", "ipAddress"}})
    if (has(pair.one) && (has(pair.other) || (pair.other == address && at(address))))
      wrong(at(pair.one)->key_mark,
            fmt::format("{} stands beside {}: Marathon takes one of the two", of(std::string(pair.one)), pair.other));
  if (!has("ports") || !has("portDefinitions")) return;
  std::vector<long> ports, definitions;
  for (const Tree& row : rows_of(at("ports"))) ports.push_back(number_of(row));
  for (const Tree& row : rows_of(at("portDefinitions"))) {
    const Tree* port = tree_at(row, "port");
    definitions.push_back(port ? number_of(*port) : 0);
  }
  if (ports != definitions)
    wrong(at("ports")->key_mark, of("ports") + " and portDefinitions say different things: leave ports out");
}

void AppCheck::constraints() const {
  for (const Tree& row : rows_of(at("constraints"))) {
    const bool texts =
        std::all_of(row.items.begin(), row.items.end(), [](const Tree& t) { return kind_of(t) == "text"; });
    if (row.kind != Kind::list || row.items.size() < 2 || row.items.size() > 3 || !texts)
      wrong(row.mark, of("constraints") + " are lists of two or three texts, as [hostname, UNIQUE]");
    else
      constraint(row);
  }
}

void AppCheck::constraint(const Tree& row) const {
  static const std::vector<std::string> known = {"UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS"};
  std::string how = row.items[1].text;
  for (const auto& one : known)
    if (cased(one) == cased(how)) how = one;
  const Mark& at = row.items[1].mark;
  if (!std::count(known.begin(), known.end(), how)) {
    std::string guess = did_you_mean(how, known);
    for (const auto& one : known)
      if (lower_case(one) == lower_case(how)) guess = fmt::format(", did you mean {}?", quote(one));
    return wrong(at,
                 fmt::format("unknown operator {} in {}{}", quote(how), of("constraints"),
                             guess.empty() ? ": one of UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER, IS" : guess));
  }
  word_of_this_release(at, "constraints", how);
  if (row.items[0].text.empty()) return wrong(row.items[0].mark, of("constraints") + " name a field, as hostname");
  const bool has_value = row.items.size() == 3;
  const std::string value = has_value ? row.items[2].text : "";
  if (how == "UNIQUE" && has_value && since("1.3"))
    wrong(row.items[2].mark, fmt::format("UNIQUE in {} takes no value", of("constraints")));
  else if (how == "CLUSTER" && value.empty() && since("1.3"))
    wrong(has_value ? row.items[2].mark : at, fmt::format("CLUSTER in {} needs a value", of("constraints")));
  else if ((how == "LIKE" || how == "UNLIKE") && (!has_value || !is_expression(value)))
    wrong(has_value ? row.items[2].mark : at,
          fmt::format("{} in {} needs a regular expression{}", how, of("constraints"),
                      has_value ? ", and " + quote(value) + " is none" : ""));
  else if (how == "IS" && value.find_first_not_of(name_letters) != std::string::npos)
    wrong(row.items[2].mark,
          fmt::format("IS in {} takes letters, digits and _ / . -, not {}", of("constraints"), quote(value)));
  else if ((how == "MAX_PER" && !is_whole(value)) || (how == "GROUP_BY" && has_value && !is_whole(value)))
    wrong(has_value ? row.items[2].mark : at, fmt::format("{} in {} {} a number, in quotes", how, of("constraints"),
                                                          how == "MAX_PER" ? "needs" : "takes nothing or"));
}

// Keys that their map cannot be without (app_fields.hpp).
void AppCheck::needs() const {
  for (const AppNeed& need : app_needs()) {
    if (!need.since.empty() && !since(need.since)) continue;
    each_at(app_, need.path, [&](const Tree& map) {
      if (map.kind == Kind::map && !tree_at(map, need.key))
        wrong(map.key_mark.line ? map.key_mark : map.mark,
              fmt::format("{} needs {}", of(std::string(need.path)), need.key));
    });
  }
}

void AppCheck::known_secret(const Tree& name, const std::string& field) const {
  const Tree* secrets = at("secrets");
  if (!secrets || !secrets->find(name.text))
    wrong(name.mark, fmt::format("{} names the secret {}, which is not among secrets", of(field), quote(name.text)));
}

void AppCheck::secrets() const {
  if (const Tree* secrets = at("secrets"); secrets && secrets->kind == Kind::map)
    for (const Tree& row : secrets->items)
      if (text_at(row, "source").empty())
        wrong(row.key_mark, fmt::format("secret {} of app {} needs a source", quote(row.key), quote(id_)));
  const Tree* pull = at("container.docker.pullConfig");
  if (!pull || before("1.5")) return;
  if (in_docker())
    return wrong(pull->key_mark, of("container.docker.pullConfig") + " works in containers of type MESOS only");
  if (const Tree* name = tree_at(*pull, "secret")) known_secret(*name, "container.docker.pullConfig.secret");
}

// An app that must never run twice, not even while it is replaced.
void AppCheck::single_instance() const {
  if (said("labels.MARATHON_SINGLE_INSTANCE_APP") != "true") return;
  const std::string with = " with the label MARATHON_SINGLE_INSTANCE_APP";
  if (const Tree* count = at("instances"); count && number_of(*count) > 1)
    wrong(count->mark, of("instances") + " must be 1 or less" + with);
  if (!since("1.1")) return;
  const Tree* strategy = at("upgradeStrategy");
  if (!strategy)
    return wrong(tree_at(app_, "labels.MARATHON_SINGLE_INSTANCE_APP")->key_mark,
                 of("upgradeStrategy") + " must be {minimumHealthCapacity: 0, maximumOverCapacity: 0}" + with);
  for (const char* part : {"minimumHealthCapacity", "maximumOverCapacity"})
    if (const Tree* amount = tree_at(*strategy, part); amount ? amount_of(*amount) > 0 : before("1.5"))
      wrong(amount ? amount->mark : strategy->key_mark,
            fmt::format("{} must be 0{}", of(std::string("upgradeStrategy.") + part), with));
}

void AppCheck::roles() const {
  const Tree* roles = at("acceptedResourceRoles");
  if (roles && roles->kind == Kind::list && roles->items.empty())
    wrong(roles->key_mark, of("acceptedResourceRoles") + " is empty: name a role, as \"*\", or leave it out");
  for (const Tree& role : rows_of(roles))
    if (since("1.3") && (role.text.empty() || role.text == "." || role.text == ".." || role.text[0] == '-' ||
                         role.text.find_first_of(" \t\n/\\") != std::string::npos))
      wrong(role.mark, fmt::format("bad role {} in {}", quote(role.text), of("acceptedResourceRoles")));
}

// From 1.10 on: no less than what is asked for.
void AppCheck::limits() const {
  struct Limit {
    const char* kind;
    double asked;
  };
  for (const Limit& limit : {Limit{"cpus", 1}, Limit{"mem", 128}}) {
    const std::string field = std::string("resourceLimits.") + limit.kind;
    const Tree *most = at(field), *asked = at(limit.kind);
    if (!most || before("1.10")) continue;
    const double least = asked ? amount_of(*asked) : limit.asked;
    if (kind_of(*most) != "number" ? most->text != "unlimited" : amount_of(*most) < least)
      wrong(most->mark, fmt::format("{} must be unlimited or a number from {} ({}), not {}", of(field), limit.kind,
                                    least, kind_of(*most) == "number" ? most->text : quote(most->text)));
  }
}

void AppCheck::others() const {
  roles();
  limits();
  for (const char* path : {"upgradeStrategy.minimumHealthCapacity", "upgradeStrategy.maximumOverCapacity"})
    if (const Tree* part = at(path); part && part->kind == Kind::text && std::strtod(part->text.c_str(), nullptr) > 1)
      wrong(part->mark, fmt::format("{} must be a number from 0 to 1, not {}", of(path), part->text));
  for (const Tree& one : rows_of(at("fetch")))
    if (one.kind == Kind::map && text_at(one, "uri").empty()) wrong(one.mark, of("fetch") + ": one has no uri");
  if (const Tree* cpus = at("cpus"); cpus && kind_of(*cpus) == "number" &&
                                     std::strtod(cpus->text.c_str(), nullptr) == 0 && (since("1.5") || before("1.0")))
    wrong(cpus->mark, of("cpus") + " must be more than 0");
  const std::string last = id_.substr(id_.rfind('/') + 1);
  if (since("1.8") && (last == "restart" || last == "tasks" || last == "versions"))
    wrong(app_.find("id")->mark, fmt::format("bad id {}: from Marathon 1.8 on none ends with {}", quote(id_), last));
  for (const char* path : {"fetch", "uris"})
    for (const Tree& row : rows_of(at(path)))
      if (const Tree* uri = row.kind == Kind::map ? tree_at(row, "uri") : &row;
          uri && since("1.1") && !is_uri(uri->text))
        wrong(uri->mark,
              fmt::format("bad uri {} in {}: blanks and the like are written as %20", quote(uri->text), of(path)));
  if (const Tree* check = at("check"); check && at("container") && in_docker() && since("1.8.222"))
    wrong(check->key_mark, of("check") + " works in containers of type MESOS only");
}

}  // namespace cctl
