// Playbooks vary by version: overlays of YAML over YAML, before anything is read from it.
#pragma once
#include "load/tree.hpp"

namespace cctl {

// Maps merge key by key (null takes a key away), anything else is replaced.
Tree merged(const Tree& base, const Tree& overlay);

// A map without one of its keys.
Tree without(const Tree& map, const std::string& key);

}  // namespace cctl
