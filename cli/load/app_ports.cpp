// Networks and ports of a definition: what Marathon answers 422 to, or passes over.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "load/app_rules.hpp"
#include "load/app_tree.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

}  // namespace

std::string AppCheck::network() const {
  std::string mode = lower_case(said("container.docker.network"));
  if (const auto networks = rows_of(at("networks")); !networks.empty() && !before("1.5"))
    mode = lower_case(text_at(networks.front(), "mode", "container"));
  if (mode.empty() && at("ipAddress")) return "other";
  if (mode.empty()) return "host";
  return mode == "container/bridge" ? "bridge" : mode == "host" || mode == "bridge" ? mode : "other";
}

void AppCheck::networks() const {
  if (!before("1.5")) networks_apart();
  for (const char* path : {"container.portMappings", "container.docker.portMappings"})
    if (const Tree* mappings = at(path); !is_empty(mappings) && network() == "host" && (in_docker() || has("networks")))
      odd(mappings->key_mark,
          fmt::format("{} has no effect with the network of the host: {}", of(path),
                      since("1.5") ? "networks: [{mode: container/bridge}]" : "docker: {network: BRIDGE}"));
  if (const Tree* require = at("requirePorts"); says(require, "true")) required_ports(*require);
}

// From 1.5 on: one of the host, or one bridge, or any number of container networks, each once.
void AppCheck::networks_apart() const {
  const std::string field = of("networks");
  const std::vector<Tree>& rows = rows_of(at("networks"));
  std::set<std::string> names;
  std::size_t unnamed = 0;
  for (const Tree& row : rows) {
    const std::string mode = lower_case(text_at(row, "mode", "container"));
    const Tree* name = tree_at(row, "name");
    if (mode == "container") {
      if (name && !name->text.empty() && !names.insert(name->text).second)
        wrong(name->mark, fmt::format("{} has the name {} twice", field, quote(name->text)));
      if (is_empty(name) && ++unnamed > 1) return wrong(row.mark, field + ": more than one has no name");
      if (is_empty(name))
        odd(row.mark, field + ": one of mode container needs a name, or Marathon its flag default_network_name");
      continue;
    }
    if (name && !name->text.empty()) wrong(name->mark, fmt::format("{}: one of mode {} has no name", field, mode));
    if (const Tree* labels = tree_at(row, "labels"); mode == "host" && !is_empty(labels))
      wrong(labels->key_mark, field + ": one of mode host has no labels");
    if (rows.size() > 1) return wrong(row.mark, fmt::format("{}: one of mode {} stands alone", field, mode));
  }
  if (names.size() + unnamed > 1 && at("container") && in_docker())
    wrong(rows[1].mark, field + ": a container of type DOCKER takes one");
  for (const Tree& row : rows_of(at("container.portMappings"))) {
    const std::vector<Tree>& chosen = rows_of(tree_at(row, "networkNames"));
    for (const Tree& name : chosen)
      if (!rows.empty() && !names.contains(name.text))
        wrong(name.mark, fmt::format("{} names {}, which is not among networks",
                                     of("container.portMappings[].networkNames"), quote(name.text)));
    if (names.size() + unnamed > 1 && tree_at(row, "hostPort") && chosen.size() != 1)
      wrong(row.mark, of("container.portMappings") + ": with several networks a hostPort needs one of networkNames");
  }
}

void AppCheck::required_ports(const Tree& require) const {
  const std::string field = of("requirePorts");
  if (network() != "host") {
    if (since("1.5")) odd(require.key_mark, field + " has no effect without the network of the host");
    return;
  }
  const auto is_chosen = [](const Tree& row) {
    const Tree* port = row.kind == Kind::map ? tree_at(row, "port") : &row;
    return port && number_of(*port) != 0;
  };
  const std::vector<Tree>& rows = rows_of(at("portDefinitions") ? at("portDefinitions") : at("ports"));
  if (std::none_of(rows.begin(), rows.end(), is_chosen))
    odd(require.key_mark, field + " has no effect, since no port has a number: Marathon chooses them");
}

void AppCheck::port_name(const Tree& name, const std::string& path) const {
  const std::string& text = name.text;
  const bool letters = !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
  const bool ends = letters && text.front() != '-' && text.back() != '-';
  if (!letters || (since("1.5") && !ends))
    wrong(name.mark,
          fmt::format("bad name {} in {}: lower-case letters, digits and \"-\" inside", quote(text), of(path)));
}

void AppCheck::unique_ports() const {
  std::set<long> seen;
  for (const Tree& row : rows_of(at("ports"))) {
    const long port = number_of(row);
    if (kind_of(row) != "number" || port < 0 || port > 65535)
      wrong(row.mark, fmt::format("{} must be numbers of ports, 0 to 65535, not {}", of("ports"),
                                  row.kind == Kind::text ? (row.plain ? row.text : quote(row.text)) : kind_of(row)));
    else if (port != 0 && !seen.insert(port).second)
      wrong(row.mark, fmt::format("{} names {} twice", of("ports"), port));
  }
  for (const char* path : {"portDefinitions", "container.portMappings", "container.docker.portMappings"}) {
    std::set<std::string> names, numbers;
    for (const Tree& row : rows_of(at(path))) {
      const Tree *name = tree_at(row, "name"), *port = tree_at(row, "port");
      if (name) port_name(*name, path);
      if (name && !names.insert(name->text).second)
        wrong(name->mark, fmt::format("{} has the name {} twice", of(path), quote(name->text)));
      if (port && port->text != "0" && !numbers.insert(port->text).second)
        wrong(port->mark, fmt::format("{} has the port {} twice", of(path), port->text));
    }
  }
}

}  // namespace cctl
