// What an inventory says about components, checked against their playbooks.
#pragma once
#include <map>
#include <string>

#include "load/reader.hpp"
#include "model/playbook.hpp"

namespace cctl {

// A `components:` block; `of_host`: one that stands in a host.
std::map<std::string, ComponentOverrides> read_overrides(const Tree& tree, bool of_host,
                                                         const std::map<std::string, Playbook>& playbooks,
                                                         Mistakes& mistakes);

}  // namespace cctl
