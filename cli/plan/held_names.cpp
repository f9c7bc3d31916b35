#include "plan/held_names.hpp"

#include "model/joined.hpp"
#include "model/shell_words.hpp"
#include "plan/our_containers.hpp"

namespace cctl {
namespace {

// What runs on the host under a name of its own; null: nobody does, or nobody knows of it.
const std::string* name_on(const Desired& desired, const ObservedHost& host, const std::string& component) {
  const auto known = host.manifest.names.find(component);
  const auto* container = find_container(host, desired.cluster, component, false);
  return known == host.manifest.names.end() || !container || container->state != "running" ? nullptr : &known->second;
}

}  // namespace

std::string held_name(const Desired& desired, const Observed& observed, const std::string& component,
                      const std::set<std::string>& chosen) {
  std::vector<std::string> told;
  std::set<std::string> hosts;
  for (const auto* i : desired.of(component)) {
    if (i->goes_by.empty() || (!chosen.empty() && !chosen.count(i->host))) continue;
    const auto own = observed.hosts.find(i->host);
    const auto* now = own == observed.hosts.end() ? nullptr : name_on(desired, own->second, component);
    if (now && *now == i->goes_by) continue;
    for (const auto& [name, host] : observed.hosts) {
      const auto* other = name_on(desired, host, component);
      if (name == i->host || !other || *other != i->goes_by) continue;
      told.push_back("on " + i->host + " would go by \"" + i->goes_by + "\", which that on " + name + " has");
      hosts.insert({i->host, name});
    }
  }
  if (told.empty()) return "";
  return component + " " + joined(told, ", and ") +
         " while it runs: it would be refused. Take them down first (clusterctl down --component " +
         shell_word(component) + " -l " + shell_word(joined({hosts.begin(), hosts.end()}, ",")) +
         " keeps their data) and let up start them";
}

}  // namespace cctl
