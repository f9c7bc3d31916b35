// What the fields of a definition mean together: each rule is one that Marathon answers 422 to, or passes over.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "load/app_rules.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

const Tree* find(const Tree& tree, std::string_view path) {
  const Tree* here = &tree;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    here = here->find(std::string(path.substr(0, dot)));
    if (!here || here->kind == Kind::null) return nullptr;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return here;
}

std::string text_of(const Tree& tree, std::string_view path, const std::string& otherwise = "") {
  const Tree* found = find(tree, path);
  return found && found->kind == Kind::text ? found->text : otherwise;
}

bool is_empty(const Tree* tree) {
  return !tree || (tree->kind == Kind::text ? tree->text.empty() : tree->items.empty());
}

long number_of(const Tree& tree) {
  return tree.kind == Kind::text ? std::strtol(tree.text.c_str(), nullptr, 10) : 0;
}

bool is_whole(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string::npos;
}

// What surely is none; the rest of Java's expressions is for Marathon to judge.
bool is_expression(const std::string& text) {
  return text.find_first_of("*+?") != 0;
}

std::vector<Tree> rows(const Tree* list) {
  return list && list->kind == Kind::list ? list->items : std::vector<Tree>{};
}

}  // namespace

const Tree* AppCheck::at(std::string_view path) const {
  return find(app_, path);
}

bool AppCheck::has(std::string_view path) const {
  return !is_empty(at(path));
}

std::string AppCheck::said(std::string_view path) const {
  return text_of(app_, path);
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
  volumes();
  others();
}

void AppCheck::runs_something() const {
  const Tree *cmd = at("cmd"), *args = at("args");
  if (cmd && cmd->kind == Kind::text && cmd->text.empty()) return wrong(cmd->mark, of("cmd") + " is empty");
  if (cmd && !is_empty(args))
    return wrong(args->key_mark, of("args") + " stands beside cmd, and Marathon takes one of the two");
  if (cmd || !is_empty(args) || has("container")) return;
  const Tree* id = app_.find("id");
  wrong(id ? id->mark : app_.mark,
        fmt::format("app {} runs nothing: it needs cmd, args, or a container with an image", quote(id_)));
}

bool AppCheck::in_docker() const {
  const Tree* container = at("container");
  return container && lower_case(text_of(*container, "type", "DOCKER")) == "docker";
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
  if (const Tree* gpus = at("gpus"); gpus && number_of(*gpus) > 0 && in_docker())
    wrong(gpus->mark, of("gpus") + " works in containers of type MESOS only");
}

std::string AppCheck::network() const {
  std::string mode = lower_case(said("container.docker.network"));
  if (const auto networks = rows(at("networks")); !networks.empty() && !before("1.5"))
    mode = lower_case(text_of(networks.front(), "mode", "container"));
  if (mode.empty() && at("ipAddress")) return "other";
  if (mode.empty()) return "host";
  return mode == "container/bridge" ? "bridge" : mode == "host" || mode == "bridge" ? mode : "other";
}

void AppCheck::networks() const {
  const Tree* networks = at("networks");
  if (!before("1.5") && !is_empty(networks) && networks->kind == Kind::list) {
    for (const Tree& row : networks->items) {
      const std::string mode = lower_case(text_of(row, "mode", "container"));
      if (mode == "container") continue;
      if (const Tree* name = find(row, "name"); name && !name->text.empty())
        wrong(name->mark, fmt::format("{}: one of mode {} has no name", of("networks"), mode));
      if (networks->items.size() > 1)
        return wrong(row.mark, fmt::format("{}: one of mode {} stands alone", of("networks"), mode));
    }
  }
  for (const char* path : {"container.portMappings", "container.docker.portMappings"})
    if (const Tree* mappings = at(path); !is_empty(mappings) && network() == "host" && in_docker())
      odd(mappings->key_mark,
          fmt::format("{} has no effect with the network of the host: {}", of(path),
                      since("1.5") ? "networks: [{mode: container/bridge}]" : "docker: {network: BRIDGE}"));
}

// Two ways to say one thing.
void AppCheck::only_one_of() const {
  struct Pair {
    const char *one, *other;
  };
  for (const Pair& pair :
       {Pair{"uris", "fetch"}, Pair{"networks", "ipAddress"}, Pair{"networks", "container.docker.network"},
        Pair{"container.portMappings", "container.docker.portMappings"}, Pair{"ports", "ipAddress"},
        Pair{"portDefinitions", "ipAddress"}})
    if (has(pair.one) && has(pair.other))
      wrong(at(pair.one)->key_mark,
            fmt::format("{} stands beside {}: Marathon takes one of the two", of(pair.one), pair.other));
  if (!has("ports") || !has("portDefinitions")) return;
  std::vector<long> ports, definitions;
  for (const Tree& row : rows(at("ports"))) ports.push_back(number_of(row));
  for (const Tree& row : rows(at("portDefinitions"))) {
    const Tree* port = find(row, "port");
    definitions.push_back(port ? number_of(*port) : 0);
  }
  if (ports != definitions)
    wrong(at("ports")->key_mark, of("ports") + " and portDefinitions say different things: leave ports out");
}

void AppCheck::unique_ports() const {
  std::set<long> seen;
  for (const Tree& row : rows(at("ports"))) {
    const long port = number_of(row);
    if (kind_of(row) != "number" || port < 0 || port > 65535)
      wrong(row.mark, fmt::format("{} must be numbers of ports, 0 to 65535, not {}", of("ports"),
                                  row.kind == Kind::text ? (row.plain ? row.text : quote(row.text)) : kind_of(row)));
    else if (port != 0 && !seen.insert(port).second)
      wrong(row.mark, fmt::format("{} names {} twice", of("ports"), port));
  }
  for (const char* path : {"portDefinitions", "container.portMappings", "container.docker.portMappings"}) {
    std::set<std::string> names, numbers;
    for (const Tree& row : rows(at(path))) {
      const Tree *name = find(row, "name"), *port = find(row, "port");
      if (name && !names.insert(name->text).second)
        wrong(name->mark, fmt::format("{} has the name {} twice", of(path), quote(name->text)));
      if (port && port->text != "0" && !numbers.insert(port->text).second)
        wrong(port->mark, fmt::format("{} has the port {} twice", of(path), port->text));
    }
  }
}

void AppCheck::constraints() const {
  for (const Tree& row : rows(at("constraints"))) {
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
  else if ((how == "LIKE" || how == "UNLIKE") && (!has_value || !is_expression(value)))
    wrong(has_value ? row.items[2].mark : at,
          fmt::format("{} in {} needs a regular expression{}", how, of("constraints"),
                      has_value ? ", and " + quote(value) + " is none" : ""));
  else if ((how == "MAX_PER" && !is_whole(value)) || (how == "GROUP_BY" && has_value && !is_whole(value)))
    wrong(has_value ? row.items[2].mark : at, fmt::format("{} in {} {} a number, in quotes", how, of("constraints"),
                                                          how == "MAX_PER" ? "needs" : "takes nothing or"));
}

// How many ports a health check may count on.
std::size_t AppCheck::ports() const {
  const Tree* definitions = at("portDefinitions") ? at("portDefinitions") : at("ports");
  const Tree* mappings =
      at("container.portMappings") ? at("container.portMappings") : at("container.docker.portMappings");
  const auto size = [](const Tree* list) { return list ? list->items.size() : 1; };
  if (network() == "host") return size(definitions);
  return std::max(size(mappings), definitions ? definitions->items.size() : 0);
}

void AppCheck::health_checks() const {
  std::size_t by_mesos = 0;
  for (const Tree& check : rows(at("healthChecks"))) {
    if (check.kind != Kind::map) continue;
    const Tree *index = find(check, "portIndex"), *command = find(check, "command");
    const std::string protocol = cased(text_of(check, "protocol", "HTTP"));
    if (protocol.starts_with(cased("MESOS"))) ++by_mesos;
    if (protocol == cased("COMMAND") && text_of(check, "command.value").empty())
      wrong(check.mark, of("healthChecks") + ": a check of protocol COMMAND needs command: {value: ...}");
    if (command || (protocol != cased("HTTP") && protocol != cased("HTTPS") && protocol != cased("TCP"))) continue;
    if (index && number_of(*index) >= static_cast<long>(ports()))
      wrong(index->mark, fmt::format("{}: portIndex {} counts from 0, and the app has {}", of("healthChecks"),
                                     index->text, ports() == 1 ? "1 port" : fmt::format("{} ports", ports())));
    else if (!index && !find(check, "port") && ports() == 0)
      wrong(check.mark, of("healthChecks") + ": the app has no port, so that a check must name its own");
  }
  if (by_mesos > 1)
    wrong(at("healthChecks")->key_mark,
          of("healthChecks") + ": at most one may be made by Mesos (MESOS_HTTP, MESOS_HTTPS, MESOS_TCP)");
}

void AppCheck::volumes() const {
  for (const Tree& volume : rows(at("container.volumes"))) {
    if (volume.kind != Kind::map) continue;
    const auto lacks = [&](const std::string& what) {
      wrong(volume.mark, of("container.volumes") + ": one has no " + what);
    };
    const bool secret = find(volume, "secret");
    if (text_of(volume, "containerPath").empty()) lacks("containerPath");
    if (text_of(volume, "hostPath").empty() && !find(volume, "persistent") && !find(volume, "external") && !secret)
      lacks("hostPath");
    if (!find(volume, "mode") && !secret) lacks("mode, RO or RW");
  }
}

void AppCheck::others() const {
  if (const Tree* roles = at("acceptedResourceRoles"); roles && roles->kind == Kind::list && roles->items.empty())
    wrong(roles->key_mark, of("acceptedResourceRoles") + " is empty: name a role, as \"*\", or leave it out");
  for (const char* path : {"upgradeStrategy.minimumHealthCapacity", "upgradeStrategy.maximumOverCapacity"})
    if (const Tree* part = at(path); part && part->kind == Kind::text && std::strtod(part->text.c_str(), nullptr) > 1)
      wrong(part->mark, fmt::format("{} must be a number from 0 to 1, not {}", of(path), part->text));
  if (const Tree* checks = at("readinessChecks"); checks && checks->items.size() > 1)
    wrong(checks->key_mark, of("readinessChecks") + ": Marathon takes one");
  if (const Tree* lost = at("unreachableStrategy");
      lost && lost->kind == Kind::text && cased(lost->text) != cased("disabled"))
    wrong(lost->mark,
          fmt::format("{} must be a map, or disabled, not {}", of("unreachableStrategy"), quote(lost->text)));
  for (const Tree& one : rows(at("fetch")))
    if (one.kind == Kind::map && text_of(one, "uri").empty()) wrong(one.mark, of("fetch") + ": one has no uri");
  if (const Tree* cpus = at("cpus"); cpus && kind_of(*cpus) == "number" &&
                                     std::strtod(cpus->text.c_str(), nullptr) == 0 && (since("1.5") || before("1.0")))
    wrong(cpus->mark, of("cpus") + " must be more than 0");
  const std::string last = id_.substr(id_.rfind('/') + 1);
  if (since("1.8") && (last == "restart" || last == "tasks" || last == "versions"))
    wrong(app_.find("id")->mark, fmt::format("bad id {}: from Marathon 1.8 on none ends with {}", quote(id_), last));
  if (const Tree* count = at("instances");
      count && number_of(*count) > 1 && said("labels.MARATHON_SINGLE_INSTANCE_APP") == "true")
    wrong(count->mark, of("instances") + " must be 1 or less with the label MARATHON_SINGLE_INSTANCE_APP");
}

}  // namespace cctl
