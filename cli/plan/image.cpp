#include "plan/image.hpp"

#include "model/error.hpp"
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

}  // namespace cctl
