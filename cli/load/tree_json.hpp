// A YAML tree as JSON: what the inventory hands on whole (docker settings, apps).
#pragma once
#include <string>

#include "load/tree.hpp"

namespace cctl {

// Plain scalars are what YAML's core schema says (true, 12, 0.5, null); quoted ones are texts. Keys keep their order.
std::string json_of(const Tree& tree);

// boolean, number, text, list, map or null: what the tree is as JSON.
std::string kind_of(const Tree& tree);

}  // namespace cctl
