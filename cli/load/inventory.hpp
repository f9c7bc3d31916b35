// The inventory as far as it can be read alone; what is said about components waits for their playbooks.
#pragma once
#include <string>
#include <vector>

#include "load/apps.hpp"
#include "load/reader.hpp"

namespace cctl {

// One `components:` block, of the inventory or of a host.
struct OverridesBlock {
  std::string host;  // "" is the inventory's own
  const Tree* tree = nullptr;
};

struct ReadInventory {
  std::map<std::string, const Tree*> inputs;  // keys that are handed on whole
  Inventory inventory;
  std::vector<OverridesBlock> overrides;  // point into the tree
  std::map<std::string, Mark> version_key_marks;
  std::map<std::string, std::vector<Mark>> placed_host_marks;
  std::vector<ReadApp> apps;  // the inventory's, to be held against the wanted release
};

ReadInventory read_inventory(const Tree& tree, const std::string& path, Mistakes& mistakes);

}  // namespace cctl
