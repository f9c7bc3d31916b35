// The inventory's `prepare:`: an item is its mode, or a map with the mode and what it is about.
#pragma once
#include "load/reader.hpp"
#include "model/inventory.hpp"

namespace cctl {

// What playbooks do of it becomes an input: sysctls, hosts_file.
void read_prepare(const Tree& tree, const Reader& r, Inventory& inventory);

}  // namespace cctl
