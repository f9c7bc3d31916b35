#include "plan/settings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/data_path.hpp"
#include "model/mount.hpp"
#include "model/path.hpp"
#include "model/var_kind.hpp"
#include "plan/scope.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

Overrides said_of(const Sources& sources, const Instance& instance) {
  return overrides_of(sources, sources.playbooks.at(instance.component), *sources.inventory.find(instance.host));
}

// Where a var is given this value.
Mark value_mark(const Overrides& overrides, const std::string& value) {
  for (const auto* o : overrides)
    for (const auto& [name, given] : o->vars)
      if (given == value) return o->var_marks.at(name);
  return {};
}

Mark mount_mark(const Overrides& overrides, const std::string& mount) {
  Mark out;
  for (const auto* o : overrides)
    for (std::size_t i = 0; i < o->mounts.size() && i < o->mount_marks.size(); ++i)
      if (o->mounts[i] == mount) out = o->mount_marks[i];
  return out;
}

// As Docker reads it: "/consul/data" of "/data1:/consul//./data/:ro".
std::string path_inside(const std::string& mount) {
  return normal_path(mount_of(mount).target);
}

// What a mount of the component's own shows of its files: path inside -> path on the host.
std::map<std::string, std::string> files_inside(const Instance& i, const std::set<std::string>& given) {
  std::map<std::string, std::string> out;
  for (const auto& mount : i.container.mounts) {
    if (given.contains(mount)) continue;
    const std::string outside = normal_path(mount_of(mount).source), inside = path_inside(mount);
    for (const auto& file : i.files)
      if (file.path.starts_with(outside + "/")) out[inside + file.path.substr(outside.size())] = file.path;
  }
  return out;
}

std::set<std::string> given_mounts(const Overrides& overrides) {
  std::set<std::string> out;
  for (const auto* o : overrides) out.insert(o->mounts.begin(), o->mounts.end());
  return out;
}

Mark or_component(const Mark& mark, const Sources& sources, const std::string& component) {
  return mark.line > 0 ? mark : where_of(sources.inventory, sources.playbooks.at(component));
}

// A value that all of a component are to have, where it was met.
struct Alike {
  std::string value, component, host;
  Mark mark;
};

bool is_port(const std::string& name) {
  return name.starts_with("ports.");
}

Mark said_at(const Sources& sources, const Playbook& playbook, const Host& host, const std::string& name) {
  const auto said = overrides_of(sources, playbook, host);
  return is_port(name) ? narrowest(said, &ComponentOverrides::port_marks, name.substr(6))
                       : narrowest(said, &ComponentOverrides::var_marks, name);
}

std::string unlike(const std::string& name, const std::string& whole, bool secret, const Alike& one,
                   const Alike& first) {
  const auto shown = [&](const std::string& t) { return secret ? "" : t.empty() ? " none" : " \"" + t + "\""; };
  const std::string key = is_port(name) ? "ports: {" + name.substr(6) : "vars: {" + name;
  return name + shown(one.value) + " of " + one.component + " on " + one.host + " is not" +
         (secret ? " that" : shown(first.value)) + " of " + first.component + " on " + first.host + ": all of " +
         whole + " have the same; say it once, components: {" + whole + ": {" + key + ": ...}}}";
}

}  // namespace

void check_mounts(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  std::set<std::string> told;
  for (const auto& i : desired.instances) {
    std::map<std::string, std::string> seen;
    const auto given = i.has_container() ? given_mounts(said_of(sources, i)) : std::set<std::string>{};
    const auto files = given.empty() ? std::map<std::string, std::string>{} : files_inside(i, given);
    for (const auto& mount : i.container.mounts) {
      const std::string path = path_inside(mount);
      const auto [it, fresh] = seen.emplace(path, mount);
      const auto file = given.contains(mount) ? files.find(path) : files.end();
      if (fresh && file == files.end()) continue;
      const Mark mark = mount_mark(said_of(sources, i), mount);
      // A line for many instances is one mistake.
      const std::string at = std::to_string(mark.line) + ":" + std::to_string(mark.column) + " ";
      if (!told.insert(at + (mark.line > 0 ? "" : i.component) + mount).second) continue;
      mistakes.push_back(
          {or_component(mark, sources, i.component),
           "\"" + mount + "\" of " + i.component + ": " + path + " is the place of " +
               (fresh ? file->second + ", which is written for it: it would never see that" : it->second + " already"),
           false});
    }
  }
}

void check_data_directories(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  std::map<std::string, std::vector<std::pair<const Instance*, std::string>>> seen;
  std::set<std::string> told;
  for (const auto& i : desired.instances)
    for (const auto& directory : i.directories) {
      if (!directory.data) continue;
      for (const auto& [other, path] : seen[i.host]) {
        if (!overlap(path, directory.path)) continue;
        const std::string text = directory.path + " of " + i.component + " and " + path + " of " + other->component +
                                 " hold data of both: each needs a directory of its own";
        Mark mark = value_mark(said_of(sources, i), directory.path);
        if (mark.line == 0) mark = value_mark(said_of(sources, *other), path);
        if (told.insert(text).second) mistakes.push_back({or_component(mark, sources, i.component), text, false});
      }
      seen[i.host].emplace_back(&i, directory.path);
    }
}

void check_alike(const Sources& sources, const Placement& placement, const Scopes& scopes,
                 std::vector<Mistake>& mistakes) {
  std::map<std::pair<std::string, std::string>, Alike> firsts;  // by component and name
  std::set<std::pair<int, int>> told;
  for (const auto& component : placement.order) {
    const Playbook& playbook = sources.playbooks.at(component);
    const std::string& whole = playbook.part_of.empty() ? component : playbook.part_of;
    for (const auto& name : playbook.alike)
      for (const Host* host : placement.hosts.at(component)) {
        const Value* value = scopes.of.at({component, host->name})->find(name);
        const auto* text = value ? std::get_if<std::string>(value) : nullptr;
        if (!text) continue;
        const Alike one{*text, component, host->name, said_at(sources, playbook, *host, name)};
        const auto [first, fresh] = firsts.emplace(std::pair(whole, name), one);
        if (fresh || first->second.value == *text) continue;
        Mark mark = one.mark.line == 0 ? first->second.mark : one.mark;
        if (!told.emplace(mark.line, mark.column).second) continue;
        const auto kind = playbook.var_kinds.find(name);
        const bool secret = kind != playbook.var_kinds.end() && is_secret_kind(kind->second);
        if (secret) mark.column = 0;
        mistakes.push_back(
            {or_component(mark, sources, component), unlike(name, whole, secret, one, first->second), false});
      }
  }
}

}  // namespace cctl
