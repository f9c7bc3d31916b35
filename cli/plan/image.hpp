// Which image a component runs from. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"

namespace cctl {

// Full reference: an override of the inventory as it stands, or the catalogue's repository and tag behind the registry
// prefix.
std::string image_reference(const Sources& sources, const Playbook& playbook);

// Of an upgrade to `versions` (by their keys): an image that the inventory names in full stays what it is, whatever its
// version is said to be. One whose tag has the new version in it is the new one.
std::vector<Mistake> kept_images(const Inventory& inventory, const std::vector<ComponentPlan>& components,
                                 const std::map<std::string, std::string>& versions);

}  // namespace cctl
