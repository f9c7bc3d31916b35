#include "plan/neighbour_ports.hpp"

#include "plan/scope.hpp"

namespace cctl {

std::map<std::string, int> usual_ports(const Sources& sources, const Playbook& playbook) {
  auto ports = playbook.ports;
  for (const auto& name : {playbook.part_of, playbook.component})
    if (const auto said = sources.inventory.components.find(name); said != sources.inventory.components.end())
      for (const auto& [port, number] : said->second.ports) ports[port] = number;
  return ports;
}

OtherPorts other_ports(const Sources& sources, const Placement& placement, const Playbook& playbook) {
  OtherPorts out;
  const auto usual = usual_ports(sources, playbook);
  for (const auto& [component, hosts] : placement.hosts) {
    const Playbook& other = sources.playbooks.at(component);
    if (component != playbook.component && other.part_of != playbook.component) continue;
    for (const Host* host : hosts)
      for (const auto& [port, number] : ports_of(sources, other, *host))
        if (const auto said = usual.find(port); said != usual.end() && said->second != number)
          out[host->name][port] = number;
  }
  return out;
}

}  // namespace cctl
