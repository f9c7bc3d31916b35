// The inventory's apps: Marathon's own definitions, in YAML, or named as files of JSON or YAML.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "load/reader.hpp"
#include "model/inventory.hpp"

namespace cctl {

// An app with the tree that it was read from, to be held against a release once that is known (app_rules.hpp).
struct ReadApp {
  App app;
  Tree tree;
};

// `directory` is that of the inventory: files are named from there.
std::vector<ReadApp> read_apps(const Tree& tree, const Reader& reader, const std::string& directory);

// One app from a file of its own; empty after a mistake.
std::optional<ReadApp> read_app_file(const std::string& path, Mistakes& mistakes);

}  // namespace cctl
