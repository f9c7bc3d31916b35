// The inventory's apps: Marathon's own definitions, in YAML, or named as files of JSON or YAML.
#pragma once
#include <string>
#include <vector>

#include "load/reader.hpp"
#include "model/inventory.hpp"

namespace cctl {

// `directory` is that of the inventory: files are named from there.
std::vector<App> read_apps(const Tree& tree, const Reader& reader, const std::string& directory);

// One app from a file of its own; empty after a mistake.
std::vector<App> read_app_file(const std::string& path, Mistakes& mistakes);

}  // namespace cctl
