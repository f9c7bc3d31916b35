// Where a mistake about a component, a host or a setting is shown: the nearest thing that the person wrote. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/sources.hpp"
#include "plan/render.hpp"

namespace cctl {

// What the inventory says of a component: its settings, its place, its version; else the word that brings it in.
Mark where_of(const Inventory& inventory, const Playbook& playbook);

// Where a bad template of a playbook, or of its row in the catalogue, is written.
Mark where_written(const Sources& sources, const Playbook& playbook, const BadTemplate& bad);

// The key of the inventory, or its first line.
Mark where_key(const Inventory& inventory, const std::string& key);

// The narrowest of these that gives a thing its value; no line where none does.
Mark narrowest(const std::vector<const ComponentOverrides*>& overrides,
               std::map<std::string, Mark> ComponentOverrides::*marks, const std::string& name);

}  // namespace cctl
