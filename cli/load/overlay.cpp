#include "load/overlay.hpp"

#include <algorithm>

namespace cctl {

namespace {

// What an overlay takes away may not be there.
Tree without_nulls(Tree tree) {
  if (tree.kind != Tree::Kind::map) return tree;
  std::erase_if(tree.items, [](const Tree& t) { return t.kind == Tree::Kind::null; });
  for (Tree& item : tree.items) item = without_nulls(item);
  return tree;
}

}  // namespace

Tree merged(const Tree& base, const Tree& overlay) {
  if (base.kind != Tree::Kind::map || overlay.kind != Tree::Kind::map) return overlay;
  Tree result = base;
  for (const Tree& item : overlay.items) {
    const auto same =
        std::find_if(result.items.begin(), result.items.end(), [&](const Tree& t) { return t.key == item.key; });
    if (same != result.items.end() && item.kind == Tree::Kind::null)
      result.items.erase(same);
    else if (same != result.items.end())
      *same = merged(*same, item);
    else if (item.kind != Tree::Kind::null)
      result.items.push_back(without_nulls(item));
  }
  return result;
}

Tree without(const Tree& map, const std::string& key) {
  Tree result = map;
  std::erase_if(result.items, [&](const Tree& t) { return t.key == key; });
  return result;
}

}  // namespace cctl
