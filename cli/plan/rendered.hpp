// Every file and container of a desired state as a tree of texts, for `render` and the golden tests. Pure.
#pragma once
#include <map>
#include <string>

#include "model/desired.hpp"

namespace cctl {

// Relative path -> content: HOST/etc/..., HOST/COMPONENT.container.json (readable canonical spec), HOST/COMPONENT.run.
std::map<std::string, std::string> rendered_tree(const Desired& desired);

}  // namespace cctl
