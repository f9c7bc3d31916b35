// Everything that a plan is made from.
#pragma once
#include <map>
#include <string>

#include "model/inventory.hpp"
#include "model/playbook.hpp"

namespace cctl {

struct Sources {
  Inventory inventory;
  std::map<std::string, Playbook> playbooks;  // every playbook found, resolved for the version wanted of it
  Catalogue catalogue;
};

}  // namespace cctl
