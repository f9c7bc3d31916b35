#include "plan/unused.hpp"

#include <algorithm>
#include <string>

#include "plan/where.hpp"

namespace cctl {
namespace {

// What is said of a component besides that it is on or off.
bool says_anything(const ComponentOverrides& o) {
  bool container = false;
  const ContainerSettings<Maybe> nothing;
  each_setting([&](auto, const auto& said, const auto& none) { container = container || said != none; }, o.container,
               nothing);
  return container || !o.flags.empty() || !o.env.empty() || !o.mounts.empty() || !o.ports.empty() || !o.vars.empty() ||
         !o.maps.empty();
}

class Unused {
 public:
  Unused(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes)
      : inventory_(sources.inventory), sources_(sources), placement_(placement), mistakes_(mistakes) {}

  void tell() {
    components();
    images();
    places();
    versions();
    groups();
  }

 private:
  // A component's settings are those of its parts, too (consul and consul-client).
  bool runs(const std::string& component, const Host* host = nullptr) const {
    return std::any_of(placement_.hosts.begin(), placement_.hosts.end(), [&](const auto& placed) {
      const auto& [name, hosts] = placed;
      if (name != component && sources_.playbooks.at(name).part_of != component) return false;
      return host ? std::find(hosts.begin(), hosts.end(), host) != hosts.end() : !hosts.empty();
    });
  }

  template <class Member>
  bool any_runs(Member member, const std::string& value) const {
    return std::any_of(sources_.playbooks.begin(), sources_.playbooks.end(),
                       [&](const auto& p) { return p.second.*member == value && runs(p.first); });
  }

  void components() {
    for (const auto& [name, overrides] : inventory_.components) {
      if (!says_anything(overrides) || overrides.enabled == false || runs(name)) continue;
      warn(overrides.mark, name +
                               " is not part of this cluster, so what is said of it has no effect; `enabled: true` "
                               "makes it one");
    }
    for (const auto& host : inventory_.hosts)
      for (const auto& [name, overrides] : host.components)
        if (says_anything(overrides) && !runs(name, &host))
          warn(overrides.mark, name + " does not run on " + host.name + ", so what is said of it there has no effect");
  }

  // By a component, or by an image that several share.
  void images() {
    for (const auto& [name, mark] : inventory_.image_marks) {
      if (!runs(name) && !any_runs(&Playbook::image, name)) {
        warn(mark, "the image of " + name + " has no effect: nothing of this cluster runs it");
        continue;
      }
      const bool hidden =
          !sources_.playbooks.contains(name) &&
          std::all_of(sources_.playbooks.begin(), sources_.playbooks.end(), [&, image = name](const auto& p) {
            return p.second.image != image || !runs(p.first) || inventory_.image_marks.contains(p.first);
          });
      if (hidden)
        warn(mark, "the image of " + name + " has no effect: every component that runs it has one of its own");
    }
  }

  void places() {
    for (const auto& [name, mark] : inventory_.place_marks)
      if (!runs(name)) warn(mark, "the place of " + name + " has no effect: it is off, `enabled: false`");
  }

  void versions() {
    for (const auto& [key, mark] : inventory_.version_marks)
      if (!any_runs(&Playbook::version_key, key))
        warn(mark, "the version of " + key + " has no effect: nothing of this cluster has it");
  }

  void groups() {
    for (const auto& [group, mark] : inventory_.ssh_marks)
      if (std::none_of(inventory_.hosts.begin(), inventory_.hosts.end(),
                       [wanted = group](const Host& host) { return host.group == wanted; }))
        warn(mark, "what is said of the group " + group + " has no effect: it has no hosts");
  }

  void warn(const Mark& mark, const std::string& text) { mistakes_.push_back({mark, text, true}); }

  const Inventory& inventory_;
  const Sources& sources_;
  const Placement& placement_;
  std::vector<Mistake>& mistakes_;
};

}  // namespace

void tell_unused(const Sources& sources, const Placement& placement, std::vector<Mistake>& mistakes) {
  Unused(sources, placement, mistakes).tell();
}

}  // namespace cctl
