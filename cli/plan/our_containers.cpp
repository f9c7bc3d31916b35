#include "plan/our_containers.hpp"

#include <algorithm>

#include "model/spec.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

constexpr const char* kPrevious = ".previous";

}  // namespace

std::string previous_name(const std::string& container_name) {
  return container_name + kPrevious;
}

std::string container_name(const std::string& cluster, const std::string& component) {
  return "cctl-" + cluster + "-" + component;
}

bool is_ours(const ObservedContainer& container, const std::string& cluster) {
  const std::string component = container.get(label::component), name = container_name(cluster, component);
  return container.get(label::cluster) == cluster && !component.empty() &&
         (container.name == name || container.name == previous_name(name));
}

const ObservedContainer* find_renamed(const ObservedHost& host, const std::string& cluster,
                                      const std::string& component) {
  const auto known = host.manifest.specs.find(component);
  if (known == host.manifest.specs.end() || find_container(host, cluster, component, false)) return nullptr;
  const std::string digest = sha256_hex(known->second);
  for (const auto& c : host.containers)
    if (c.get(label::cluster) == cluster && c.get(label::component) == component && c.get(label::spec) == digest &&
        !is_ours(c, cluster))
      return &c;
  return nullptr;
}

bool is_name_taken(const ObservedHost& host, const std::string& cluster, const std::string& name) {
  return std::any_of(host.containers.begin(), host.containers.end(),
                     [&](const ObservedContainer& c) { return c.name == name && !is_ours(c, cluster); });
}

const ObservedContainer* find_container(const ObservedHost& host, const std::string& cluster,
                                        const std::string& component, bool previous) {
  for (const auto& c : host.containers)
    if (is_ours(c, cluster) && c.get(label::component) == component && c.name.ends_with(kPrevious) == previous)
      return &c;
  return nullptr;
}

}  // namespace cctl
