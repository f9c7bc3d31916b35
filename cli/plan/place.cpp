#include "plan/place.hpp"

#include <algorithm>
#include <set>

#include "plan/where.hpp"

namespace cctl {
namespace {

class Placer {
 public:
  Placer(const Sources& sources, std::vector<Mistake>& mistakes) : sources_(sources), mistakes_(mistakes) {}

  Placement run() {
    for (const auto& [name, playbook] : sources_.playbooks)
      if (wanted(playbook)) enable(name);
    Placement out;
    // Settings of the hosts come before what runs there.
    for (const bool settings : {true, false})
      for (const auto& name : enabled_)
        if (!sources_.playbooks.at(name).input.empty() == settings) visit(name, out.order);
    for (const auto& name : out.order) put(sources_.playbooks.at(name), out);
    tell_even();
    return out;
  }

 private:
  const ComponentOverrides* overrides(const std::string& name) const {
    auto found = sources_.inventory.components.find(name);
    return found == sources_.inventory.components.end() ? nullptr : &found->second;
  }

  // What the inventory says of `enabled` for this component, or of the one it is part of.
  std::optional<bool> said(const Playbook& p) const {
    if (const auto* o = overrides(p.component); o && o->enabled) return o->enabled;
    if (p.part_of.empty()) return std::nullopt;
    const auto* o = overrides(p.part_of);
    return o ? o->enabled : std::nullopt;
  }

  bool wanted(const Playbook& p) const {
    if (auto s = said(p)) return *s;
    const auto& inventory = sources_.inventory;
    if (inventory.place.count(p.component)) return true;
    if (!p.input.empty()) return inventory.inputs.count(p.input) > 0;
    return inventory.versions_given ? inventory.versions.count(p.version_key) > 0 : p.default_on;
  }

  void enable(const std::string& name) {
    if (!enabled_.insert(name).second) return;
    for (const auto& need : sources_.playbooks.at(name).needs) {
      auto found = sources_.playbooks.find(need);
      if (found == sources_.playbooks.end()) continue;  // the loader has told
      if (auto s = said(found->second); s && !*s) {
        const auto* o = overrides(need);
        mistakes_.push_back({o ? o->mark : where_of(sources_.inventory, found->second),
                             need + " is off but " + name + " needs it", false});
      } else {
        enable(need);
      }
    }
  }

  void visit(const std::string& name, std::vector<std::string>& order) {
    if (std::find(order.begin(), order.end(), name) != order.end()) return;
    const auto& p = sources_.playbooks.at(name);
    if (!visiting_.insert(name).second) {
      mistakes_.push_back({p.mark, "circle of needs at \"" + name + "\"", false});
      return;
    }
    auto first = p.needs;
    first.insert(first.end(), p.after.begin(), p.after.end());
    if (!p.hosts.except.empty()) first.push_back(p.hosts.except);
    for (const auto& need : first)
      if (enabled_.count(need)) visit(need, order);
    visiting_.erase(name);
    order.push_back(name);
  }

  void put(const Playbook& p, Placement& out) {
    const auto& inventory = sources_.inventory;
    auto& hosts = out.hosts[p.component];
    if (auto placed = inventory.place.find(p.component); placed != inventory.place.end()) {
      for (const auto& host : inventory.hosts)
        if (std::count(placed->second.begin(), placed->second.end(), host.name)) hosts.push_back(&host);
    } else {
      const auto& groups = p.hosts.groups;
      const bool all = std::count(groups.begin(), groups.end(), "all") > 0;
      const auto without = out.hosts.find(p.hosts.except);
      for (const auto& host : inventory.hosts) {
        if (p.hosts.first > 0 && static_cast<int>(hosts.size()) == p.hosts.first) break;
        if (!all && !std::count(groups.begin(), groups.end(), host.group)) continue;
        if (without != out.hosts.end() && std::count(without->second.begin(), without->second.end(), &host)) continue;
        hosts.push_back(&host);
      }
    }
    if (hosts.empty() && p.hosts.except.empty()) no_host(p);
    if (p.rollout.quorum && !hosts.empty() && hosts.size() % 2 == 0) even(p, hosts.size());
  }

  void no_host(const Playbook& p) {
    std::string groups;
    for (const auto& g : p.hosts.groups) groups += (groups.empty() ? "" : " or ") + g;
    mistakes_.push_back({where_of(sources_.inventory, p),
                         "\"" + p.component + "\" has no host: there are no " + groups +
                             "; add some, place it (place: {" + p.component +
                             ": [HOST]}) or turn it off (components: {" + p.component + ": {enabled: false}})",
                         false});
  }

  // Who places two by name is warned; the masters of a cluster are of an odd number.
  void even(const Playbook& p, std::size_t n) {
    const auto found = sources_.inventory.place_marks.find(p.component);
    if (found == sources_.inventory.place_marks.end()) {
      auto& [components, count] = even_[p.hosts.groups.empty() ? "" : p.hosts.groups.front()];
      components += (components.empty() ? "" : ", ") + p.component;
      count = n;
      return;
    }
    mistakes_.push_back({found->second,
                         p.component + " has an even number of members (" + std::to_string(n) +
                             "): it can lose no more of them than with " + std::to_string(n - 1),
                         true});
  }

  void tell_even() {
    for (const auto& [group, of] : even_) {
      const auto& [components, n] = of;
      mistakes_.push_back({where_key(sources_.inventory, group),
                           std::to_string(n) + " " + group + ": an even number of members of " + components +
                               " tolerates no more failures than " + std::to_string(n - 1) +
                               ", and may split; add one, or place: {" + components.substr(0, components.find(',')) +
                               ": [HOST]}",
                           false});
    }
  }

  const Sources& sources_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string> enabled_, visiting_;
  std::map<std::string, std::pair<std::string, std::size_t>> even_;  // by group: ensembles, and their members
};

}  // namespace

Placement place(const Sources& sources, std::vector<Mistake>& mistakes) {
  return Placer(sources, mistakes).run();
}

}  // namespace cctl
