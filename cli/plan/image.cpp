#include "plan/image.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/joined.hpp"
#include "plan/render.hpp"

namespace cctl {

std::string image_reference(const Sources& sources, const Playbook& playbook) {
  const auto& images = sources.inventory.images;
  for (const auto& key : {playbook.component, playbook.image})
    if (auto found = images.overrides.find(key); found != images.overrides.end()) return found->second;
  const auto entry = sources.catalogue.find(playbook.image);
  if (entry == sources.catalogue.end()) throw Error("no image \"" + playbook.image + "\" in images/versions.yml");
  const auto row = entry->second.tags.find(playbook.version);
  std::string tag;
  if (row != entry->second.tags.end()) {
    tag = row->second;
  } else {
    Scope scope;
    scope.names["version"] = playbook.version;
    tag = render(entry->second.tag, scope);
  }
  // A row may name another repository altogether.
  const bool full = tag.find(':') != std::string::npos || tag.find('/') != std::string::npos;
  const std::string reference = full ? tag : entry->second.repository + ":" + tag;
  return images.registry.empty() ? reference : images.registry + "/" + reference;
}

std::vector<Mistake> kept_images(const Inventory& inventory, const std::vector<ComponentPlan>& components,
                                 const std::map<std::string, std::string>& versions) {
  std::vector<Mistake> out;
  for (const auto& [key, image] : inventory.images.overrides) {
    std::vector<std::string> held;
    std::string version, flag;
    for (const ComponentPlan& c : components) {
      const auto wanted = versions.find(c.version_key);
      if (c.image != image || wanted == versions.end()) continue;
      held.push_back(c.component);
      flag = c.version_key, version = wanted->second;
    }
    const std::string tag = ImageName::parse(image).tag;
    if (held.empty() || tag.find(version) != std::string::npos) continue;
    out.push_back({inventory.image_marks.at(key),
                   fmt::format("the image of {} is named in full, \"{}\", so --{} {} would change nothing that {} "
                               "run{}: name that of {} here, too, or take this line out",
                               key, image, flag, version, joined(held, " and "), held.size() == 1 ? "s" : "", version),
                   false});
  }
  return out;
}

}  // namespace cctl
