#include "plan/other_clusters.hpp"

#include "model/limits.hpp"
#include "plan/our_containers.hpp"

namespace cctl {
namespace {

// Whose it is by its labels, where that is another cluster; or "".
std::string other_cluster_of(const ObservedContainer& container, const Desired& desired) {
  std::string cluster = container.get(label::cluster);
  return cluster == desired.cluster ? "" : cluster;
}

}  // namespace

std::map<std::string, std::vector<std::string>> other_clusters(const Desired& desired, const Observed& observed,
                                                               const std::set<std::string>& chosen) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& host : desired.hosts) {
    const auto found = observed.hosts.find(host.name);
    if (found == observed.hosts.end() || !found->second.reachable) continue;
    if (!chosen.empty() && !chosen.count(host.name)) continue;
    for (const auto& c : found->second.containers) {
      const auto cluster = other_cluster_of(c, desired), component = c.get(label::component);
      if (cluster.empty() || !desired.find(host.name, component)) continue;
      if (out.size() < limits::listed || out.count(cluster)) out[cluster].push_back(component + " on " + host.name);
    }
  }
  return out;
}

std::string runs_here(const std::string& cluster, const std::vector<std::string>& what) {
  return "cluster \"" + cluster + "\" runs " + what.front() +
         (what.size() > 1 ? " and " + std::to_string(what.size() - 1) + " more" : "");
}

std::string other_cluster_on(const Desired& desired, const ObservedHost& host, const std::string& component) {
  for (const auto& c : host.containers)
    if (const auto cluster = other_cluster_of(c, desired); !cluster.empty() && c.get(label::component) == component)
      return cluster;
  return "";
}

}  // namespace cctl
