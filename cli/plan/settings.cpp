#include "plan/settings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/data_path.hpp"
#include "plan/scope.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

Overrides said_of(const Sources& sources, const Instance& instance) {
  return overrides_of(sources, sources.playbooks.at(instance.component), *sources.inventory.find(instance.host));
}

// Where the inventory gives the port, if it does.
Mark port_mark(const Overrides& overrides, const std::string& name) {
  Mark out;
  for (const auto* o : overrides)
    if (const auto found = o->port_marks.find(name); found != o->port_marks.end()) out = found->second;
  return out;
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

// "/consul/data" of "/data1:/consul//data/:ro".
std::string path_inside(const std::string& mount) {
  const auto from = mount.find(':') + 1;
  std::string out;
  for (const char c : mount.substr(from, mount.find(':', from) - from))
    if (c != '/' || !out.ends_with('/')) out += c;
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

Mark or_file(const Mark& mark, const Sources& sources) {
  return mark.line > 0 ? mark : Mark{sources.inventory.file, 0, 0};
}

// What is said of a component besides that it is on or off.
bool says_anything(const ComponentOverrides& o) {
  const auto& c = o.container;
  const bool container = c.entrypoint || c.args || c.cap_add || c.cap_drop || c.security_opt || c.dns || c.user ||
                         c.network || c.pid || c.stop_signal || c.privileged || c.init || c.memory || c.stop_timeout ||
                         !c.ulimits.empty();
  return container || !o.flags.empty() || !o.env.empty() || !o.mounts.empty() || !o.ports.empty() || !o.vars.empty() ||
         !o.maps.empty();
}

}  // namespace

void check_ports(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  struct Listener {
    std::string what;
    Mark mark;
  };
  std::map<std::pair<std::string, int>, Listener> seen;
  std::set<std::tuple<std::string, std::string, int>> told;
  for (const auto& i : desired.instances) {
    if (!i.has_container() || i.container.network != "host") continue;
    const auto overrides = said_of(sources, i);
    for (const auto& [name, port] : i.ports) {
      const Listener now{i.component + " (" + name + ")", port_mark(overrides, name)};
      const auto [it, fresh] = seen.emplace(std::make_pair(i.host, port), now);
      // A setting for all hosts is one mistake.
      if (fresh || !told.emplace(it->second.what, now.what, port).second) continue;
      const Mark mark = now.mark.line > 0 ? now.mark : it->second.mark;
      mistakes.push_back({or_file(mark, sources),
                          it->second.what + " and " + now.what + " would both listen on port " + std::to_string(port) +
                              " of " + i.host + "; components: {" + i.component + ": {ports: {" + name +
                              ": ...}}} changes it",
                          false});
    }
  }
}

void check_mounts(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  std::set<std::string> told;
  for (const auto& i : desired.instances) {
    std::map<std::string, std::string> seen;
    for (const auto& mount : i.container.mounts) {
      const std::string path = path_inside(mount);
      const auto [it, fresh] = seen.emplace(path, mount);
      if (fresh) continue;
      const Mark mark = or_file(mount_mark(said_of(sources, i), mount), sources);
      // A line for many instances is one mistake.
      const std::string at = std::to_string(mark.line) + ":" + std::to_string(mark.column) + " ";
      if (!told.insert(at + (mark.line > 0 ? "" : i.component) + mount).second) continue;
      mistakes.push_back(
          {mark, "\"" + mount + "\" of " + i.component + ": " + path + " is the place of " + it->second + " already",
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
        if (told.insert(text).second) mistakes.push_back({or_file(mark, sources), text, false});
      }
      seen[i.host].emplace_back(&i, directory.path);
    }
}

void tell_unused(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes) {
  // A component's settings are those of its parts, too (consul and consul-client).
  const auto runs = [&](const std::string& component, const Host* host) {
    return std::any_of(placement.hosts.begin(), placement.hosts.end(), [&](const auto& placed) {
      const auto& [name, hosts] = placed;
      if (name != component && sources.playbooks.at(name).part_of != component) return false;
      return host ? std::find(hosts.begin(), hosts.end(), host) != hosts.end() : !hosts.empty();
    });
  };
  for (const auto& [name, overrides] : sources.inventory.components) {
    if (!says_anything(overrides) || overrides.enabled == false || runs(name, nullptr)) continue;
    mistakes.push_back({overrides.mark,
                        name + " is not part of this cluster, so what is said of it has no effect; `enabled: true` "
                               "makes it one",
                        true});
  }
  for (const auto& host : sources.inventory.hosts)
    for (const auto& [name, overrides] : host.components)
      if (says_anything(overrides) && !runs(name, &host))
        mistakes.push_back({overrides.mark,
                            name + " does not run on " + host.name + ", so what is said of it there has no effect",
                            true});
}

}  // namespace cctl
