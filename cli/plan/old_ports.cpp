#include "plan/old_ports.hpp"

#include "plan/expand.hpp"
#include "plan/our_containers.hpp"

namespace cctl {

PortsOf old_ports(const Desired& desired, const Observed& observed) {
  PortsOf out;
  for (const auto& i : desired.instances) {
    const auto host = observed.hosts.find(i.host);
    if (!i.container() || host == observed.hosts.end()) continue;
    const auto was = host->second.manifest.ports.find(i.component);
    if (was == host->second.manifest.ports.end() || was->second == i.ports) continue;
    const bool there = find_container(host->second, desired.cluster, i.component, false) ||
                       find_container(host->second, desired.cluster, i.component, true);
    if (!there) continue;
    // What the playbook has no more, or did not have then, is as it is wanted.
    auto& ports = out[{i.host, i.component}];
    for (const auto& [name, number] : i.ports)
      if (const auto old = was->second.find(name); old != was->second.end() && old->second != number)
        ports[name] = old->second;
    if (ports.empty()) out.erase({i.host, i.component});
  }
  return out;
}

std::vector<Instance> with_ports(Sources sources, const KnownIds& ids, const PortsOf& ports) {
  std::vector<Instance> out;
  if (ports.empty()) return out;
  for (auto& host : sources.inventory.hosts)
    for (const auto& [which, numbers] : ports)
      if (which.first == host.name)
        for (const auto& [name, number] : numbers) host.components[which.second].ports[name] = number;
  std::vector<Mistake> mistakes;
  for (auto& i : expand(sources, ids, mistakes).instances)
    if (ports.count({i.host, i.component})) out.push_back(std::move(i));
  return out;
}

}  // namespace cctl
