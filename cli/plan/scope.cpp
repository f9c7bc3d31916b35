#include "plan/scope.hpp"

#include <algorithm>

#include "model/error.hpp"
#include "model/ipv4.hpp"
#include "model/var_kind.hpp"
#include "plan/image.hpp"
#include "plan/member_ids.hpp"
#include "plan/neighbour_ports.hpp"
#include "plan/quorum.hpp"
#include "plan/spec_json.hpp"
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
    for (const auto& name : placement_.order) vars(sources_.playbooks.at(name));
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
      const std::string path = render(p.member_id.file, scope);
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

  // C.on, C.here and, where C runs, its exports: in the scope of every instance.
  void neighbours(const Playbook& p) {
    const bool on = placement_.hosts.count(p.component) > 0 && !hosts(p.component).empty();
    const std::string prefix = p.component + ".";
    Scope shared;
    shared.names[prefix + "on"] = on;
    if (on) {
      shared.names[prefix + "count"] = std::to_string(hosts(p.component).size());
      shared.names[prefix + "version"] = p.version;
      shared.names[prefix + "members"] = members_[p.component];
      add_ports(shared, prefix, usual_ports(sources_, p));
      for (const auto& [name, rule] : p.exports) shared.names[prefix + name] = exported(p, rule);
    }
    const auto others = on ? other_ports(sources_, placement_, p) : OtherPorts{};
    for (auto& [key, scope] : scopes_) {
      scope->names[prefix + "here"] = scopes_.count({p.component, key.second}) > 0;
      if (const auto here = others.find(key.second); here != others.end()) add_ports(*scope, prefix, here->second);
    }
    for (auto& [name, value] : shared.names) cluster_->names[name] = std::move(value);
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

  // Vars may use each other: rendered again and again until no more of them can be.
  void vars(const Playbook& p) {
    for (const Host* host : hosts(p.component)) {
      auto& scope = *scopes_.at({p.component, host->name});
      auto left = p.vars;
      for (const auto& [name, value] : left) add_rows(scope, p, name, value);
      for (const auto* o : overrides_of(sources_, p, *host))
        for (const auto& [name, value] : o->vars) {
          check_virtual(p, name, value, o->var_marks.at(name));
          scope.names[name] = value;  // the person's own text is no template
          add_rows(scope, p, name, value);
          left.erase(name);
        }
      for (std::size_t before = left.size() + 1; left.size() < before;) {
        before = left.size();
        for (auto it = left.begin(); it != left.end();) {
          try {
            scope.names[it->first] = render(it->second, scope);
            it = left.erase(it);
          } catch (const Error&) {
            ++it;
          }
        }
      }
      for (const auto& [name, text] : left) guarded(p, text, scope);
      for (const auto& [name, why] : p.required) demand(p, name, why, scope);
    }
  }

  // A virtual address is nobody's own; told once for each place it is given at.
  void check_virtual(const Playbook& p, const std::string& name, const std::string& value, const Mark& mark) {
    const auto kind = p.var_kinds.find(name);
    if (kind == p.var_kinds.end() || kind->second != "virtual address" || !ipv4(value)) return;
    for (const auto& host : sources_.inventory.hosts) {
      if (ipv4(value) != ipv4(host.ip) && ipv4(value) != ipv4(host.address)) continue;
      const std::string at =
          p.component + " " + name + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
      if (told_.insert(at).second)
        mistakes_.push_back({mark,
                             name + " \"" + value + "\" of " + p.component + " is the own address of " + host.name +
                                 ", and has to be nobody's",
                             false});
    }
  }

  // What the inventory gives as a map is JSON as a text; its keys are the rows of NAME.each.
  static void add_rows(Scope& scope, const Playbook& p, const std::string& name, const std::string& value) {
    const auto kind = p.var_kinds.find(name);
    if (kind == p.var_kinds.end() || !is_map_kind(kind->second)) return;
    Rows rows;
    if (!value.empty())
      for (const auto& [key, text] : texts_of_json(value)) rows.push_back(Scope{{{"key", key}, {"value", text}}});
    scope.names[name + ".each"] = std::move(rows);
  }

  // A var that nothing can be guessed for: told once, whatever the number of hosts.
  void demand(const Playbook& p, const std::string& name, const std::string& why, const Scope& scope) {
    const Value* value = scope.find(name);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    if ((text && !text->empty()) || !told_.insert(p.component + " " + name).second) return;
    mistakes_.push_back({where_of(sources_.inventory, p),
                         p.component + " needs " + name + ", " + why + ": components: {" + p.component + ": {vars: {" +
                             name + ": ...}}}",
                         false});
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
    } catch (const Error& e) {
      if (told_.insert(p.component + e.what()).second)
        mistakes_.push_back({p.mark, p.component + ": " + e.what(), false});
      return "";
    }
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
