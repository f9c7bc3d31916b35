// Checks that a definition asks for: what Marathon answers 422 to, or passes over.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "load/app_rules.hpp"
#include "load/app_tree.hpp"
#include "load/text_file.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

}  // namespace

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
  for (const Tree& check : rows_of(at("healthChecks"))) {
    if (check.kind != Kind::map) continue;
    const Tree *index = tree_at(check, "portIndex"), *command = tree_at(check, "command");
    const std::string protocol = cased(text_at(check, "protocol", "HTTP"));
    if (protocol.starts_with(cased("MESOS"))) ++by_mesos;
    if (protocol == cased("COMMAND") && text_at(check, "command.value").empty())
      wrong(check.mark, of("healthChecks") + ": a check of protocol COMMAND needs command: {value: ...}");
    check_fields(check, protocol);
    if (command || (protocol != cased("HTTP") && protocol != cased("HTTPS") && protocol != cased("TCP"))) continue;
    if (index && number_of(*index) >= static_cast<long>(ports()))
      wrong(index->mark, fmt::format("{}: portIndex {} counts from 0, and the app has {}", of("healthChecks"),
                                     index->text, ports() == 1 ? "1 port" : fmt::format("{} ports", ports())));
    else if (!index && !tree_at(check, "port") && ports() == 0)
      wrong(check.mark, of("healthChecks") + ": the app has no port, so that a check must name its own");
  }
  if (by_mesos > 1)
    wrong(at("healthChecks")->key_mark,
          of("healthChecks") + ": at most one may be made by Mesos (MESOS_HTTP, MESOS_HTTPS, MESOS_TCP)");
}

// Fields that go with some protocols alone, and ports that are named twice.
void AppCheck::check_fields(const Tree& check, const std::string& protocol) const {
  const std::string field = of("healthChecks");
  const bool runs = protocol == cased("COMMAND"), by_mesos = protocol.starts_with(cased("MESOS"));
  const Tree *command = tree_at(check, "command"), *path = tree_at(check, "path"), *port = tree_at(check, "port");
  if (command && !runs) {
    const std::string text = field + ": a command needs protocol: COMMAND";
    since("1.5") ? wrong(command->key_mark, text) : odd(command->key_mark, text + ", and is passed over without");
  }
  for (const Tree* other : {path, port})
    if (other && runs) {
      const std::string text = fmt::format("{}: {} does not go with protocol COMMAND", field, other->key);
      since("1.5") ? wrong(other->key_mark, text) : odd(other->key_mark, text);
    }
  if (path && (protocol == cased("TCP") || protocol == cased("MESOS_TCP")))
    odd(path->key_mark, fmt::format("{}: path has no effect with protocol {}", field, text_at(check, "protocol")));
  if (const Tree* index = tree_at(check, "portIndex"); index && port && !runs)
    odd(index->key_mark, field + ": portIndex has no effect beside port");
  const Tree* ip = tree_at(check, "ipProtocol");
  if (ip && cased(ip->text) == cased("IPv6") && since("1.6") && !(by_mesos && at("container") && in_docker()))
    wrong(ip->mark, field + ": IPv6 works for checks made by Mesos in containers of type DOCKER only");
}

// The names that a readiness check may ask for.
std::set<std::string> AppCheck::port_names() const {
  std::set<std::string> out;
  bool any = false;
  for (const char* path :
       {"portDefinitions", "container.portMappings", "container.docker.portMappings", "ipAddress.discovery.ports"})
    for (const Tree& row : rows_of(at(path))) {
      any = true;
      if (const std::string name = text_at(row, "name"); !name.empty()) out.insert(name);
    }
  // The port that Marathon adds where none is told of has this name.
  if (!any && !has("ports") && !before("1.4")) out.insert("default");
  return out;
}

void AppCheck::readiness() const {
  const std::string field = of("readinessChecks");
  const Tree* checks = at("readinessChecks");
  if (!checks || before("1.0")) return;
  if (checks->items.size() > 1) wrong(checks->key_mark, field + ": Marathon takes one");
  const std::set<std::string> known = port_names();
  for (const Tree& check : rows_of(checks)) {
    if (check.kind != Kind::map) continue;
    const Tree *name = tree_at(check, "portName"), *timeout = tree_at(check, "timeoutSeconds"),
               *interval = tree_at(check, "intervalSeconds"), *statuses = tree_at(check, "httpStatusCodesForReady");
    if (const std::string wanted = text_at(check, "portName", "http-api"); !known.contains(wanted))
      wrong(name ? name->mark : check.mark,
            fmt::format("{}: portName {}{} is the name of no port{}", field, quote(wanted),
                        name ? "" : ", which it is where nothing is said,",
                        did_you_mean(wanted, {known.begin(), known.end()})));
    const long patience = timeout ? number_of(*timeout) : 10, pause = interval ? number_of(*interval) : 30;
    if (patience >= pause)
      wrong(timeout ? timeout->mark : check.mark,
            fmt::format("{}: timeoutSeconds ({}) must be less than intervalSeconds ({})", field, patience, pause));
    if (statuses && statuses->kind == Kind::list && statuses->items.empty() && before("1.5"))
      wrong(statuses->key_mark, field + ": httpStatusCodesForReady is empty");
  }
}

}  // namespace cctl
