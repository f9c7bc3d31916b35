#include "plan/port_rules.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/flag_variable.hpp"
#include "plan/further_ports.hpp"
#include "plan/scope.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

struct Listener {
  std::string what;
  Mark mark;
  std::string way_out;  // "; ... changes it"
};

class PortRules {
 public:
  PortRules(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), mistakes_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const Host& host = *sources_.inventory.find(i.host);
      const auto found = sources_.playbooks.find(i.component);
      if (found == sources_.playbooks.end()) continue;
      const auto& playbook = found->second;
      const auto overrides = overrides_of(sources_, playbook, host);
      if (listens(i))
        for (const auto& [name, port] : i.ports) {
          if (std::count(playbook.asked_ports.begin(), playbook.asked_ports.end(), name)) continue;
          one(host, i, port,
              {i.component + " (" + name + ")", narrowest(overrides, &ComponentOverrides::port_marks, name),
               way_out(i, name)});
        }
      if (i.container() ? i.container()->spec.network != "host" : i.app() != nullptr) continue;
      for (const auto& further : further_ports(sources_, playbook, i, overrides))
        one(host, i, further.port, {i.component + " (" + further.name + ")", further.mark, ""});
    }
    for (const auto& i : desired_.instances)
      if (!i.task_ports.empty()) beside_tasks(i);
    for (const auto& i : desired_.instances) asks_somebody(i);
  }

 private:
  // An app of a playbook runs in the host's network, too.
  bool listens(const Instance& i) const {
    if (const auto* container = i.container()) return container->spec.network == "host";
    return i.app() && sources_.playbooks.contains(i.component);
  }

  void one(const Host& host, const Instance& i, int port, const Listener& now) {
    beside_sshd(host, i, port, now);
    beside_others(i, port, now);
    listeners_[i.host].emplace_back(port, now);
  }

  void beside_others(const Instance& i, int port, const Listener& now) {
    const auto [it, fresh] = seen_.emplace(std::make_pair(i.host, port), now);
    // A setting for all hosts is one mistake.
    if (fresh || !told_.emplace(it->second.what, now.what, port).second) return;
    tell(now.mark.line > 0 ? now.mark : it->second.mark, i,
         it->second.what + " and " + now.what + " would both listen on port " + std::to_string(port) + " of " + i.host +
             (now.way_out.empty() ? it->second.way_out : now.way_out));
  }

  // Behind an address of its own, what the inventory dials need not be the port that sshd has there.
  void beside_sshd(const Host& host, const Instance& i, int port, const Listener& now) {
    const int ssh = host.ssh.port.value_or(22);
    if (port != ssh || !told_.emplace("sshd", now.what, port).second) return;
    const bool elsewhere = host.ip != host.address;
    tell(now.mark.line > 0 || !host.ssh.port ? now.mark : host.mark, i,
         now.what + " would listen on port " + std::to_string(port) + " of " + i.host +
             (elsewhere ? ", where its sshd may be" : ", where its sshd is") + now.way_out +
             (host.ssh.port ? "" : ", and ssh: {port: ...} says where else sshd is"),
         elsewhere);
  }

  void beside_tasks(const Instance& i) {
    const auto& playbook = sources_.playbooks.at(i.component);
    const auto overrides = overrides_of(sources_, playbook, *sources_.inventory.find(i.host));
    const Mark said = said_of(playbook, overrides);
    for (const auto& range : i.task_ports)
      for (const auto& [port, listener] : listeners_[i.host]) {
        if (port < range.from || port > range.to || !told_.emplace("tasks", listener.what, port).second) continue;
        tell(said.line > 0 ? said : listener.mark, i,
             "port " + std::to_string(port) + " of " + listener.what + " on " + i.host + " is among the ports " +
                 ports_text(range) + " that " + i.component + " gives to tasks: a task that is given it cannot listen");
      }
  }

  // A port of another's, which has moved.
  void asks_somebody(const Instance& i) {
    const auto found = sources_.playbooks.find(i.component);
    if (found == sources_.playbooks.end()) return;
    for (const auto& name : found->second.asked_ports) {
      const int port = i.ports.at(name);
      const auto& there = listeners_[i.host];
      if (std::any_of(there.begin(), there.end(), [&](const auto& l) { return l.first == port; })) continue;
      const auto overrides = overrides_of(sources_, found->second, *sources_.inventory.find(i.host));
      tell(narrowest(overrides, &ComponentOverrides::port_marks, name), i,
           i.component + " asks at port " + std::to_string(port) + " of " + i.host +
               ", where nothing of this cluster listens" + way_out(i, name));
    }
  }

  // Where the ports of tasks are given: the variable before the map.
  static Mark said_of(const Playbook& playbook, const std::vector<const ComponentOverrides*>& overrides) {
    const std::string& flag = playbook.task_ports_flag;
    const std::string variable = flag_variable(playbook.flag_style.env_prefix, flag);
    if (const Mark mark = narrowest(overrides, &ComponentOverrides::env_marks, variable); mark.line > 0) return mark;
    Mark out;
    for (const auto* o : overrides)
      for (const auto& [name, mark] : o->map_marks)
        if (name.starts_with(flag + ".ports")) out = mark;
    return out;
  }

  static std::string way_out(const Instance& i, const std::string& name) {
    return "; components: {" + i.component + ": {ports: {" + name + ": ...}}} changes it";
  }

  void tell(const Mark& mark, const Instance& i, const std::string& text, bool warning = false) {
    mistakes_.push_back(
        {mark.line > 0 ? mark : where_of(sources_.inventory, sources_.playbooks.at(i.component)), text, warning});
  }

  const Sources& sources_;
  const Desired& desired_;
  std::vector<Mistake>& mistakes_;
  std::map<std::pair<std::string, int>, Listener> seen_;
  std::map<std::string, std::vector<std::pair<int, Listener>>> listeners_;
  std::set<std::tuple<std::string, std::string, int>> told_;
};

}  // namespace

void check_ports(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  PortRules(sources, desired, mistakes).run();
}

}  // namespace cctl
