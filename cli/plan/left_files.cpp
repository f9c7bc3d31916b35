#include "plan/left_files.hpp"

#include <algorithm>
#include <map>

namespace cctl {
namespace {

bool wanted(const Desired& desired, const std::string& host, const std::string& path) {
  return std::any_of(desired.instances.begin(), desired.instances.end(), [&](const Instance& i) {
    return i.host == host &&
           std::any_of(i.files.begin(), i.files.end(), [&](const FileSpec& file) { return file.path == path; });
  });
}

// The component is there: it is wanted, or its container is, which is a stray.
bool there(const Desired& desired, const ObservedHost& host, const std::string& component) {
  return desired.find(host.name, component) ||
         std::any_of(host.containers.begin(), host.containers.end(),
                     [&](const ObservedContainer& c) { return c.get(label::component) == component; });
}

}  // namespace

std::vector<std::string> left_files(const Desired& desired, const ObservedHost& host) {
  std::map<std::string, std::vector<std::string>> left;
  std::map<std::string, std::string> input;  // of components that have a part of a file
  for (const auto& [path, file] : host.manifest.files) {
    const OwnedPath* owner = nullptr;
    bool is_there = wanted(desired, host.name, path);
    for (const OwnedPath& owned : desired.owned) {
      if (owned.directory || owned.path != path) continue;
      is_there = is_there || there(desired, host, owned.component);
      owner = &owned;
    }
    if (!owner || is_there) continue;
    left[owner->component].push_back(path);
    if (file.merge != Merge::none) input[owner->component] = owner->input;
  }
  std::vector<std::string> out;
  for (const auto& [component, paths] : left) {
    const bool one = paths.size() == 1;
    const std::string more = one ? "" : " and " + std::to_string(paths.size() - 1) + " more";
    const std::string key = input.count(component) ? input.at(component) : "";
    out.push_back(host.name + ": " + paths.front() + more + (one ? " is" : " are") + " as " + component + " left " +
                  (one ? "it" : "them") + ", which the inventory no longer has: " +
                  (key.empty() ? "clusterctl down puts back what stood there"
                               : "an empty `" + key + ": {}` in the inventory takes our part out of it"));
  }
  return out;
}

}  // namespace cctl
