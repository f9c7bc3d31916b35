#include "plan/needed_images.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/image_name.hpp"
#include "plan/image.hpp"

namespace cctl {
namespace {

// The key under `images:` that names a component's image whole, or "".
std::string override_key(const Sources& sources, const Playbook& playbook) {
  for (const auto& key : {playbook.component, playbook.image})
    if (sources.inventory.images.overrides.count(key)) return key;
  return "";
}

NeededImage of_component(const Sources& sources, const Sources& upstream, const Instance& instance,
                         const Container& container) {
  const Playbook& playbook = sources.playbooks.at(instance.component);
  NeededImage out;
  out.reference = container.spec.image;
  out.key = override_key(sources, playbook);
  out.bare = out.key.empty() ? image_reference(upstream, playbook) : ImageName::parse(out.reference).bare();
  return out;
}

std::string image_of_app(const std::string& definition) {
  const auto json = nlohmann::json::parse(definition);
  return json.value(nlohmann::json::json_pointer("/container/docker/image"), "");
}

}  // namespace

std::set<std::string> NeededImage::hosts() const {
  std::set<std::string> out;
  for (const ImageUse& use : uses) out.insert(use.hosts.begin(), use.hosts.end());
  return out;
}

std::string NeededImage::source(const std::string& from, const std::string& to) const {
  if (!from.empty()) return from + "/" + bare;
  const bool by_catalogue = key.empty() && !app;
  return by_catalogue && reference == target(to) ? bare : reference;
}

std::vector<NeededImage> needed_images(const Sources& sources, const Desired& desired,
                                       const std::set<std::string>& components, const std::set<std::string>& hosts) {
  Sources upstream = sources;
  upstream.inventory.images.registry.clear();
  std::vector<NeededImage> out;
  for (const Instance& i : desired.instances) {
    if (!components.empty() && !components.count(i.component)) continue;
    if (!hosts.empty() && !hosts.count(i.host)) continue;
    NeededImage needed;
    if (const auto* app = i.app()) {
      needed.app = true;
      needed.reference = image_of_app(app->json);
      if (needed.reference.empty()) continue;
      needed.bare = ImageName::parse(needed.reference).bare();
    } else if (const auto* container = i.container()) {
      needed = of_component(sources, upstream, i, *container);
    } else {
      continue;
    }
    auto at =
        std::find_if(out.begin(), out.end(), [&](const NeededImage& n) { return n.reference == needed.reference; });
    if (at == out.end()) at = out.insert(out.end(), needed);
    if (at->uses.empty() || at->uses.back().component != i.component) at->uses.push_back({i.component, i.version, {}});
    if (!needed.app) at->uses.back().hosts.push_back(i.host);
  }
  return out;
}

std::string inventory_lines(const std::vector<NeededImage>& images, const std::string& to) {
  std::string fields = "registry: \"" + to + "\"", apps;
  std::set<std::string> keys;
  for (const NeededImage& image : images) {
    if (!image.key.empty() && keys.insert(image.key).second)
      fields += ", " + image.key + ": \"" + image.target(to) + "\"";
    if (image.app) apps += "# image of the app " + image.uses.front().component + ": " + image.target(to) + "\n";
  }
  return "images: {" + fields + "}\n" + apps;
}

}  // namespace cctl
