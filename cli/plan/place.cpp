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
    // By name first: who is needed by its name plays its roles as well.
    for (std::size_t i = 0; i < needed_roles_.size(); ++i) enable_role(i);
    Placement out;
    give_roles(out);
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
      if (found == sources_.playbooks.end()) {
        needed_roles_.emplace_back(name, need);
        continue;
      }
      if (auto s = said(found->second); s && !*s) {
        const auto* o = overrides(need);
        mistakes_.push_back({o ? o->mark : where_of(sources_.inventory, found->second),
                             need + " is off but " + name + " needs it", false});
      } else {
        enable(need);
      }
    }
  }

  static std::string listed(const std::vector<std::string>& names, const std::string& last) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i)
      out += (i == 0 ? "" : i + 1 == names.size() ? " " + last + " " : ", ") + names[i];
    return out;
  }

  std::vector<std::string> players(const std::string& role) const {
    std::vector<std::string> out;
    for (const auto& [name, playbook] : sources_.playbooks)
      if (std::count(playbook.provides.begin(), playbook.provides.end(), role)) out.push_back(name);
    return out;
  }

  // One that is enabled anyway will do; else the only one that can.
  void enable_role(std::size_t which) {
    const auto [name, role] = needed_roles_[which];  // a copy: the list grows
    const auto all = players(role);
    if (all.empty()) return;  // the loader has told
    std::vector<std::string> can;
    for (const auto& player : all) {
      if (enabled_.count(player)) return;
      if (const auto s = said(sources_.playbooks.at(player)); !s || *s) can.push_back(player);
    }
    if (can.size() == 1) return enable(can.front());
    if (!told_.insert(role).second) return;
    const auto* off = overrides(all.front());
    const std::string text =
        can.empty() ? listed(all, "and") + (all.size() == 1 ? " is" : " are") + " off but " + name + " needs a " + role
                    : name + " needs a " + role + ": say under versions which, " + listed(can, "or");
    mistakes_.push_back(
        {can.empty() && off ? off->mark : where_of(sources_.inventory, sources_.playbooks.at(name)), text, false});
  }

  // Who asks "the balancer" asks one.
  void give_roles(Placement& out) {
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& name : enabled_)
      for (const auto& role : sources_.playbooks.at(name).provides) all[role].push_back(name);
    for (const auto& [role, names] : all) {
      out.roles[role] = names.front();
      if (names.size() == 1) continue;
      mistakes_.push_back({where_of(sources_.inventory, sources_.playbooks.at(names.back())),
                           listed(names, "and") + " would each be the " + role +
                               ": turn off all but one (components: {" + names.back() + ": {enabled: false}})",
                           false});
    }
    roles_ = out.roles;
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
    for (const auto& need : first) {
      const auto player = roles_.find(need);
      const std::string& component = player == roles_.end() ? need : player->second;
      if (enabled_.count(component)) visit(component, order);
    }
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
  std::vector<std::pair<std::string, std::string>> needed_roles_;  // component and role
  std::set<std::string> told_;                                     // roles
  std::map<std::string, std::string> roles_;
  std::map<std::string, std::pair<std::string, std::size_t>> even_;  // by group: ensembles, and their members
};

}  // namespace

std::vector<std::string> Placement::components(const std::vector<std::string>& names) const {
  std::vector<std::string> out;
  for (const auto& name : names) {
    const auto player = roles.find(name);
    out.push_back(player == roles.end() ? name : player->second);
  }
  return out;
}

Placement place(const Sources& sources, std::vector<Mistake>& mistakes) {
  return Placer(sources, mistakes).run();
}

}  // namespace cctl
