#include "plan/scope.hpp"

#include <algorithm>

#include "model/error.hpp"
#include "plan/image.hpp"
#include "plan/member_ids.hpp"
#include "plan/neighbour_ports.hpp"
#include "plan/quorum.hpp"
#include "plan/registered.hpp"
#include "plan/scope_vars.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

void add_ports(Scope& scope, const std::string& prefix, const std::map<std::string, int>& ports) {
  for (const auto& [name, port] : ports) scope.names[prefix + "ports." + name] = std::to_string(port);
}

class Builder {
 public:
  Builder(const Sources& sources, const Placement& placement, const KnownIds& ids, std::vector<Mistake>& mistakes)
      : sources_(sources), placement_(placement), known_ids_(ids), mistakes_(mistakes) {}

  Scopes run() {
    cluster_->names["cluster"] = sources_.inventory.cluster;
    cluster_->names["style"] = sources_.inventory.style;
    for (const auto& name : placement_.order) base(sources_.playbooks.at(name));
    for (const auto& [name, playbook] : sources_.playbooks) neighbours(playbook);
    idle_roles();
    const TellBad tell_bad = [this](const Playbook& p, const BadTemplate& e, const Mark& near) { tell(p, e, near); };
    VarMaker vars(sources_, tell_bad, mistakes_);
    for (const auto& name : placement_.order)
      for (const Host* host : hosts(name))
        vars.make(sources_.playbooks.at(name), *host, *scopes_.at({name, host->name}));
    registered(tell_bad);
    out_.of.insert(scopes_.begin(), scopes_.end());
    return std::move(out_);
  }

 private:
  const std::vector<const Host*>& hosts(const std::string& component) const { return placement_.hosts.at(component); }

  void base(const Playbook& p) {
    number(p);
    const auto members = std::make_shared<const Rows>(rows_of(p));
    const auto same = std::make_shared<const Scope>(same_for_all(p, members));
    for (std::size_t i = 0; i < members->size(); ++i) {
      const Host& host = *hosts(p.component)[i];
      const auto scope = std::make_shared<Scope>(Scope{{}, same});
      auto& names = scope->names;
      names["name"] = host.name;
      names["address"] = host.address;
      names["ip"] = host.ip;
      names["group"] = host.group;
      names["docker_socket"] = host.ssh.docker_socket();
      names["member_id"] = id_of(p, host);
      names["others"] = SharedRows{members, &(*members)[i]};
      add_ports(*scope, "", ports_of(sources_, p, host));
      scopes_[{p.component, host.name}] = scope;
    }
    members_[p.component] = {members};
  }

  Rows rows_of(const Playbook& p) const {
    Rows out;
    for (const Host* host : hosts(p.component)) {
      Scope row;
      row.names["name"] = host->name;
      row.names["ip"] = host->ip;
      row.names["id"] = id_of(p, *host);
      row.names["first"] = host == hosts(p.component).front();
      add_ports(row, "", ports_of(sources_, p, *host));
      out.push_back(std::move(row));
    }
    return out;
  }

  Scope same_for_all(const Playbook& p, const std::shared_ptr<const Rows>& members) const {
    const int n = static_cast<int>(members->size());
    Scope out{{}, cluster_};
    auto& names = out.names;
    names["component"] = p.component;
    names["version"] = p.version;
    names["image"] = image(p);
    if (!p.input.empty()) {
      const auto given = sources_.inventory.inputs.find(p.input);
      names["input"] = given == sources_.inventory.inputs.end() ? "{}" : given->second;
    }
    names["count"] = std::to_string(n);
    names["alone"] = n == 1;
    names["quorum"] = std::to_string(majority(n));
    names["members"] = SharedRows{members};
    return out;
  }

  // 0: it has none.
  std::string id_of(const Playbook& p, const Host& host) const {
    const auto ids = out_.ids.find(p.component);
    const bool none = ids == out_.ids.end() || !ids->second.count(host.name);
    return std::to_string(none ? 0 : ids->second.at(host.name));
  }

  void number(const Playbook& p) {
    if (!p.member_id.used) return;
    std::vector<IdHolder> members;
    std::map<std::string, IdFile> on_disk;
    const IdRule rule{p.component, p.member_id.min, p.member_id.max};
    for (const Host* host : hosts(p.component)) {
      members.push_back({host->name, host->ip});
      Scope scope;
      scope.names["cluster"] = sources_.inventory.cluster;
      scope.names["name"] = host->name;
      const std::string path = guarded(p, p.member_id.file, scope);
      const auto disk = known_ids_.on_disk.find(host->name);
      if (disk == known_ids_.on_disk.end()) continue;
      if (auto found = disk->second.find(path); found != disk->second.end())
        on_disk[host->name] = {path, found->second};
    }
    const auto given = known_ids_.given.find(p.component);
    auto result =
        assign_member_ids(members, on_disk, given == known_ids_.given.end() ? GivenIds{} : given->second, rule);
    for (const auto& problem : result.problems)
      mistakes_.push_back({where_of(sources_.inventory, p), p.component + ": " + problem, false});
    out_.faults.insert(out_.faults.end(), result.faults.begin(), result.faults.end());
    out_.ids[p.component] = std::move(result.ids);
  }

  // C.on, C.here and, where C runs, its exports: in the scope of every instance, and for each role that it plays.
  void neighbours(const Playbook& p) {
    const bool on = placement_.hosts.count(p.component) > 0 && !hosts(p.component).empty();
    Scope shared;
    shared.names["on"] = on;
    if (on) {
      shared.names["count"] = std::to_string(hosts(p.component).size());
      shared.names["version"] = p.version;
      shared.names["members"] = members_[p.component];
      add_ports(shared, "", usual_ports(sources_, p));
      for (const auto& [name, rule] : p.exports) shared.names[name] = exported(p, rule);
    }
    const auto others = on ? other_ports(sources_, placement_, p) : OtherPorts{};
    std::vector<std::string> called{p.component};
    for (const auto& [role, player] : placement_.roles) {
      if (player != p.component) continue;
      called.push_back(role);
      cluster_->names[role + ".component"] = player;
    }
    for (const auto& name : called) {
      for (auto& [key, scope] : scopes_) {
        scope->names[name + ".here"] = scopes_.count({p.component, key.second}) > 0;
        if (const auto here = others.find(key.second); here != others.end())
          add_ports(*scope, name + ".", here->second);
      }
      for (const auto& [last, value] : shared.names) cluster_->names[name + "." + last] = value;
    }
  }

  // Roles that somebody could play, and nobody does.
  void idle_roles() {
    for (const auto& [name, playbook] : sources_.playbooks)
      for (const auto& role : playbook.provides) {
        if (placement_.roles.contains(role)) continue;
        for (const char* last : {".on", ".here"}) cluster_->names[role + last] = false;
      }
  }

  // For whoever keeps the catalogue of a host.
  void registered(const TellBad& tell_bad) {
    auto rows = registered_rows(sources_, placement_, scopes_, tell_bad);
    for (auto& [key, scope] : scopes_) {
      SharedRows& mine = rows[key.second];
      if (!mine.rows) mine.rows = std::make_shared<const Rows>();
      scope->names.emplace("registered", mine);
    }
  }

  std::string exported(const Playbook& p, const Export& rule) {
    std::string text = rule.prefix;
    bool first = true;
    for (const Host* host : hosts(p.component)) {
      if (!first) text += rule.join;
      first = false;
      text += guarded(p, rule.each, *scopes_.at({p.component, host->name}));
    }
    return text + rule.suffix;
  }

  std::string image(const Playbook& p) const {
    if (!p.has_image()) return "";
    try {
      return image_reference(sources_, p);
    } catch (const Error&) {
      return "";  // expand tells
    }
  }

  // A template that fails is a mistake of the playbook, told once.
  std::string guarded(const Playbook& p, const std::string& text, const Scope& scope) {
    try {
      return render(text, scope);
    } catch (const BadTemplate& e) {
      tell(p, e, p.mark);
      return "";
    }
  }

  // Where it is written; `near` where that is not known.
  void tell(const Playbook& p, const BadTemplate& e, const Mark& near) {
    Mark mark = where_written(sources_, p, e);
    if (mark.line == p.mark.line && mark.file == p.mark.file) mark = near;
    const std::string at = mark.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
    if (told_.insert(at + p.component + e.what()).second)
      mistakes_.push_back({mark, p.component + ": " + e.what(), false});
  }

  const Sources& sources_;
  const Placement& placement_;
  const KnownIds& known_ids_;
  std::vector<Mistake>& mistakes_;
  std::map<std::string, SharedRows> members_;
  const std::shared_ptr<Scope> cluster_ = std::make_shared<Scope>();  // what is the same for every instance
  std::map<InstanceKey, std::shared_ptr<Scope>> scopes_;
  std::set<std::string> told_;
  Scopes out_;
};

}  // namespace

std::vector<const ComponentOverrides*> overrides_of(const Sources& sources, const Playbook& playbook,
                                                    const Host& host) {
  std::vector<const ComponentOverrides*> out;
  auto add = [&](const std::map<std::string, ComponentOverrides>& from, const std::string& name) {
    if (auto found = from.find(name); found != from.end()) out.push_back(&found->second);
  };
  if (!playbook.part_of.empty()) add(sources.inventory.components, playbook.part_of);
  add(sources.inventory.components, playbook.component);
  if (!playbook.part_of.empty()) add(host.components, playbook.part_of);
  add(host.components, playbook.component);
  return out;
}

std::map<std::string, int> ports_of(const Sources& sources, const Playbook& playbook, const Host& host) {
  auto ports = playbook.ports;
  for (const auto* o : overrides_of(sources, playbook, host))
    for (const auto& [name, port] : o->ports) ports[name] = port;
  return ports;
}

Scopes make_scopes(const Sources& sources, const Placement& placement, const KnownIds& ids,
                   std::vector<Mistake>& mistakes) {
  return Builder(sources, placement, ids, mistakes).run();
}

}  // namespace cctl
