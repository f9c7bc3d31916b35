#include "plan/entries.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "model/cut.hpp"
#include "model/mount.hpp"
#include "model/outside_json.hpp"
#include "model/path.hpp"

namespace cctl {
namespace {

// Whether the image writes the variable's file where the host sees it: not where its directory is mounted read-only, or
// is none of the container's.
bool writes(const Container& container, const std::string& variable, const std::string& file) {
  const auto& mounts = container.spec.mounts;
  return container.spec.env.count(variable) && std::any_of(mounts.begin(), mounts.end(), [&](const auto& mount) {
           const Mount m = mount_of(mount);
           return !m.read_only() && within(file, m.source);
         });
}

// Whether anything that is wanted on the host, or was written by us, is this path or lies below it.
bool is_known(const Desired& desired, const Instance& instance, const ObservedHost& host, const std::string& path) {
  for (const auto& i : desired.instances) {
    if (i.host != instance.host) continue;
    for (const auto& f : i.files)
      if (within(f.path, path)) return true;
    for (const auto& d : i.directories)
      if (within(d.path, path)) return true;
    // A source of a mount that nobody declares may be anything that its container was given by hand.
    if (const auto* container = i.container())
      for (const auto& mount : container->spec.mounts)
        if (within(mount_of(mount).source, path)) return true;
  }
  if (const auto* own = instance.container())
    for (const auto& [variable, file] : own->env_files)
      if (file == path && writes(*own, variable, file)) return true;
  const auto& ours = host.manifest.files;
  const auto below = ours.lower_bound(path + "/");
  return ours.count(path) || (below != ours.end() && within(below->first, path));
}

}  // namespace

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

const ObservedEntry* entry_at(const ObservedHost& host, const std::string& path) {
  const auto listed = host.entries.find(parent_of(path));
  if (listed == host.entries.end()) return nullptr;
  const std::string name = path.substr(path.rfind('/') + 1);
  const auto found = std::find_if(listed->second.begin(), listed->second.end(),
                                  [&](const ObservedEntry& e) { return e.name == name; });
  return found == listed->second.end() ? nullptr : &*found;
}

std::vector<std::string> foreign_entries(const Desired& desired, const Instance& instance, const ObservedHost& host) {
  std::vector<std::string> out;
  const auto outlived = outlived_env_files(instance, host);
  for (const auto& directory : instance.directories) {
    const auto listed = host.entries.find(directory.path);
    if (!directory.config || listed == host.entries.end()) continue;
    for (const auto& entry : listed->second) {
      const std::string path = directory.path + "/" + entry.name;
      if (is_known(desired, instance, host, path) || std::count(outlived.begin(), outlived.end(), path)) continue;
      out.push_back(path);
    }
  }
  return out;
}

std::string told_foreign(const Instance& instance, const std::vector<std::string>& paths) {
  return first_few(paths) + " of " + instance.host + ", where " + instance.component + " has its configuration, " +
         (paths.size() == 1 ? "is" : "are") +
         " not of this inventory; left alone; it may be read: look, and move it away";
}

std::vector<std::string> outlived_env_files(const Instance& instance, const ObservedHost& host) {
  std::vector<std::string> out;
  const auto spec = host.manifest.specs.find(instance.component);
  const auto* container = instance.container();
  if (!container || container->env_files.empty() || spec == host.manifest.specs.end()) return out;
  const auto before = parse_outside(spec->second).value;
  for (const auto& [variable, path] : container->env_files) {
    const auto seen = host.files.find(path);
    if (writes(*container, variable, path) || !object_in(before, "env").contains(variable) || seen == host.files.end())
      continue;
    const bool its_own = seen->second.exists && !seen->second.unread && !host.manifest.files.count(path) &&
                         seen->second.content == text_in(object_in(before, "env"), variable) + "\n";
    if (its_own) out.push_back(path);
  }
  return out;
}

std::map<std::string, std::string> env_files_of(const Container& container) {
  std::map<std::string, std::string> out;
  for (const auto& [variable, path] : container.env_files)
    if (writes(container, variable, path)) out[path] = container.spec.env.at(variable) + "\n";
  return out;
}

std::vector<std::string> barred_ways(const Instance& instance, const ObservedHost& host) {
  std::set<std::string> links;
  const auto look = [&](const std::string& path) {
    const auto seen = host.files.find(path);
    if (seen != host.files.end() && !seen->second.barred.empty()) links.insert(seen->second.barred);
  };
  for (const auto& file : instance.files) look(file.path);
  if (const auto* container = instance.container())
    for (const auto& [variable, path] : container->env_files) look(path);
  for (const auto& directory : instance.directories) {
    look(directory.path);
    const auto seen = host.files.find(directory.path);
    if (seen != host.files.end() && !seen->second.link.empty())
      links.insert(directory.path + " is a link, in a directory that is not root's alone, laid by " +
                   seen->second.link);
  }
  for (const auto& path : directories_to_list(instance)) look(path);
  std::vector<std::string> out;
  for (const auto& link : links)
    out.push_back(link + ": " + instance.component + " of " + instance.host +
                  " has files behind it, and it is not followed; look, and move it away");
  return out;
}

std::vector<std::string> directories_to_list(const Instance& instance) {
  std::vector<std::string> out;
  for (const auto& d : instance.directories)
    if (d.config) out.push_back(d.path);
  if (!instance.member_data.directory.empty()) out.push_back(instance.member_data.directory);
  if (instance.member_list.used()) out.push_back(parent_of(instance.member_list.file));
  return out;
}

}  // namespace cctl
