// Looking into a definition of an app. Pure.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "load/tree.hpp"

namespace cctl {

// What stands at a path, as container.docker; null counts as nothing.
const Tree* tree_at(const Tree& tree, std::string_view path);
// The text of a scalar there.
std::string text_at(const Tree& tree, std::string_view path, const std::string& otherwise = "");
bool is_empty(const Tree* tree);
// 0 where it is no number.
long number_of(const Tree& tree);
double amount_of(const Tree& tree);
// The items of a list; none where it is no list.
const std::vector<Tree>& rows_of(const Tree* list);
// Everything that stands at a path with "[]" for the items of a list, as container.docker.parameters[].
void each_at(const Tree& tree, std::string_view path, const std::function<void(const Tree&)>& work);
// Whether a boolean or a text says this.
bool says(const Tree* tree, std::string_view word);

}  // namespace cctl
