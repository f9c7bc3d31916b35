#include "plan/where.hpp"

namespace cctl {

Mark where_key(const Inventory& inventory, const std::string& key) {
  for (const auto& name : {key, std::string("cluster")})
    if (const auto found = inventory.key_marks.find(name); found != inventory.key_marks.end()) return found->second;
  return {inventory.file, 1, 1};
}

Mark where_of(const Inventory& inventory, const Playbook& playbook) {
  for (const auto& name : {playbook.component, playbook.part_of})
    if (const auto found = inventory.components.find(name); found != inventory.components.end())
      return found->second.mark;
  if (const auto found = inventory.place_marks.find(playbook.component); found != inventory.place_marks.end())
    return found->second;
  if (const auto found = inventory.version_marks.find(playbook.version_key); found != inventory.version_marks.end())
    return found->second;
  if (!playbook.input.empty()) return where_key(inventory, playbook.input);
  for (const auto& group : playbook.hosts.groups)
    if (inventory.key_marks.contains(group)) return where_key(inventory, group);
  return where_key(inventory, "versions");
}

Mark where_written(const Sources& sources, const Playbook& playbook, const BadTemplate& bad) {
  const auto row = sources.catalogue.find(playbook.image);
  for (const TagMarks* places : {&playbook.places, row == sources.catalogue.end() ? nullptr : &row->second.places}) {
    if (!places) continue;
    const auto found = places->find(bad.text());
    if (found != places->end() && bad.tag() < found->second.size()) return found->second[bad.tag()];
  }
  return playbook.mark;
}

Mark narrowest(const std::vector<const ComponentOverrides*>& overrides,
               std::map<std::string, Mark> ComponentOverrides::*marks, const std::string& name) {
  Mark out;
  for (const auto* o : overrides)
    if (const auto found = (o->*marks).find(name); found != (o->*marks).end()) out = found->second;
  return out;
}

}  // namespace cctl
