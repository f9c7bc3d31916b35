#include "load/app_tree.hpp"

#include <algorithm>
#include <cstdlib>

namespace cctl {

const Tree* tree_at(const Tree& tree, std::string_view path) {
  const Tree* here = &tree;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    here = here->find(std::string(path.substr(0, dot)));
    if (!here || here->kind == Tree::Kind::null) return nullptr;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return here;
}

std::string text_at(const Tree& tree, std::string_view path, const std::string& otherwise) {
  const Tree* found = tree_at(tree, path);
  return found && found->kind == Tree::Kind::text ? found->text : otherwise;
}

bool is_empty(const Tree* tree) {
  return !tree || (tree->kind == Tree::Kind::text ? tree->text.empty() : tree->items.empty());
}

long number_of(const Tree& tree) {
  return tree.kind == Tree::Kind::text ? std::strtol(tree.text.c_str(), nullptr, 10) : 0;
}

double amount_of(const Tree& tree) {
  return tree.kind == Tree::Kind::text ? std::strtod(tree.text.c_str(), nullptr) : 0;
}

const std::vector<Tree>& rows_of(const Tree* list) {
  static const std::vector<Tree> none;
  return list && list->kind == Tree::Kind::list ? list->items : none;
}

void each_at(const Tree& tree, std::string_view path, const std::function<void(const Tree&)>& work) {
  const std::size_t brackets = path.find("[]");
  if (brackets == path.npos) {
    if (const Tree* found = tree_at(tree, path)) work(*found);
    return;
  }
  const std::string_view rest = path.substr(std::min(brackets + 3, path.size()));
  for (const Tree& row : rows_of(tree_at(tree, path.substr(0, brackets)))) each_at(row, rest, work);
}

bool says(const Tree* tree, std::string_view word) {
  return tree && tree->kind == Tree::Kind::text && tree->text == word;
}

}  // namespace cctl
