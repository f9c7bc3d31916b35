#include "plan/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/error.hpp"
#include "plan/bounds.hpp"
#include "plan/company.hpp"
#include "plan/container_rules.hpp"
#include "plan/expand_apps.hpp"
#include "plan/flag_rules.hpp"
#include "plan/image.hpp"
#include "plan/instance.hpp"
#include "plan/members.hpp"
#include "plan/owned.hpp"
#include "plan/place.hpp"
#include "plan/port_rules.hpp"
#include "plan/reach.hpp"
#include "plan/scope.hpp"
#include "plan/settings.hpp"
#include "plan/unused.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

ComponentPlan component_plan(const Sources& sources, const Placement& placement, const Playbook& p) {
  ComponentPlan c;
  c.component = p.component;
  c.version = p.version;
  c.version_key = p.version_key;
  if (p.has_image()) c.image = image_reference(sources, p);
  c.service = p.service.used();
  c.needs = placement.components(p.needs);
  c.after = placement.components(p.after);
  c.health = p.health;
  c.leader = p.leader;
  c.rollout = p.rollout;
  c.gate_timeout = p.gate_timeout;
  c.ports = p.ports;
  return c;
}

bool has_error(const std::vector<Mistake>& mistakes, std::size_t known) {
  return std::any_of(mistakes.begin() + static_cast<std::ptrdiff_t>(known), mistakes.end(),
                     [](const Mistake& m) { return !m.warning; });
}

// Once for all hosts, where it is written.
void tell_bad(const Sources& sources, const Playbook& playbook, const std::vector<BadTemplate>& bad,
              std::vector<Mistake>& mistakes) {
  std::set<std::string> told;
  for (const auto& e : bad) {
    const Mark mark = where_written(sources, playbook, e);
    const std::string text = playbook.component + ": " + e.what();
    if (told.insert(fmt::format("{}:{}:{} {}", mark.file, mark.line, mark.column, text)).second)
      mistakes.push_back({mark, text, false});
  }
}

// Two instances on one host may share a file (/etc/mesos/zk) only when they agree on every byte of it.
void check_shared_files(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  std::map<std::pair<std::string, std::string>, std::pair<std::string, const FileSpec*>> seen;
  for (const auto& i : desired.instances)
    for (const auto& f : i.files) {
      const auto [it, fresh] = seen.emplace(std::make_pair(i.host, f.path), std::make_pair(i.component, &f));
      if (!fresh && it->second.second->content != f.content && f.merge == Merge::none)
        mistakes.push_back({where_of(sources.inventory, sources.playbooks.at(i.component)),
                            it->second.first + " and " + i.component + " want different contents of " + f.path +
                                " on " + i.host + ": one of them has to go, or to other hosts",
                            false});
    }
}

// Versions that are known not to work together, before anything is started.
void check_companions(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes) {
  const auto& inventory = sources.inventory;
  for (const auto& name : placement.order) {
    const auto& p = sources.playbooks.at(name);
    for (const auto& [key, range] : p.only_with)
      for (const auto& other : placement.order) {
        const auto& companion = sources.playbooks.at(other);
        const auto version = Version::parse(companion.version);
        if (companion.version_key != key || !version || VersionRange::parse(range)->contains(*version)) continue;
        const auto mark = inventory.version_marks.find(p.version_key);
        mistakes.push_back(
            {mark == inventory.version_marks.end() ? where_of(inventory, p) : mark->second,
             name + " " + p.version + " works with " + key + " " + range + " only, and this is " + companion.version,
             false});
        break;
      }
  }
}

}  // namespace

std::map<std::string, std::vector<std::string>> id_paths(const Sources& sources) {
  std::map<std::string, std::vector<std::string>> out;
  std::vector<Mistake> ignored;
  for (const auto& [component, hosts] : place(sources, ignored).hosts) {
    const auto& p = sources.playbooks.at(component);
    if (!p.member_id.used) continue;
    for (const Host* host : hosts) {
      Scope scope;
      scope.names["cluster"] = sources.inventory.cluster;
      scope.names["name"] = host->name;
      try {
        out[host->name].push_back(render(p.member_id.file, scope));
      } catch (const BadTemplate&) {
        continue;  // expand tells
      }
    }
  }
  return out;
}

Desired expand(const Sources& sources, const KnownIds& ids, std::vector<Mistake>& mistakes) {
  Desired out;
  out.cluster = sources.inventory.cluster;
  out.inventory_file = sources.inventory.file;
  out.hosts = sources.inventory.hosts;
  out.owned = owned_paths(sources);
  const std::size_t known = mistakes.size();
  const Placement placement = place(sources, mistakes);
  check_companions(sources, placement, mistakes);
  // Templates would miss a component that has no host, too, and say so in words of their own.
  if (has_error(mistakes, known)) return out;
  const Scopes scopes = make_scopes(sources, placement, ids, mistakes);
  out.faults = scopes.faults;
  const std::size_t before = mistakes.size();
  for (const auto& name : placement.order) {
    const auto& playbook = sources.playbooks.at(name);
    std::vector<BadTemplate> bad;
    try {
      out.components.push_back(component_plan(sources, placement, playbook));
      const auto numbers = scopes.ids.find(name);
      for (const Host* host : placement.hosts.at(name)) {
        if (takes_needed_flag(sources, playbook, *host, mistakes)) break;
        const int id =
            numbers == scopes.ids.end() || !numbers->second.count(host->name) ? 0 : numbers->second.at(host->name);
        out.instances.push_back(expand_instance(sources, playbook, *host, scopes.of.at({name, host->name}), id, bad));
      }
    } catch (const BadTemplate& e) {
      bad.push_back(e);
    } catch (const Error& e) {
      // What was made of a bad template is no mistake of its own.
      if (bad.empty()) mistakes.push_back({playbook.mark, name + ": " + e.what(), false});
    }
    tell_bad(sources, playbook, bad, mistakes);
  }
  // What could not be made whole would be told of again by every rule below.
  if (has_error(mistakes, before)) return out;
  expand_apps(sources, placement, out, mistakes);
  tell_members(out);
  check_shared_files(sources, out, mistakes);
  check_flags(sources, out, mistakes);
  check_company(sources, out, mistakes);
  check_alike(sources, placement, scopes, mistakes);
  check_bounds(sources, placement, scopes, mistakes);
  check_networks(sources, out, mistakes);
  check_own_addresses(sources, out, mistakes);
  check_containers(sources, out, mistakes);
  check_ports(sources, out, mistakes);
  check_mounts(sources, out, mistakes);
  check_data_directories(sources, out, mistakes);
  tell_unused(sources, placement, mistakes);
  return out;
}

}  // namespace cctl
