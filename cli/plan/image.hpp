// Which image a component runs from. Pure.
#pragma once
#include <string>

#include "model/sources.hpp"

namespace cctl {

// Full reference: an override of the inventory as it stands, or the catalogue's repository and tag behind the registry
// prefix.
std::string image_reference(const Sources& sources, const Playbook& playbook);

}  // namespace cctl
