// Which lines of an inventory or a playbook may be shown beside a mistake, and how: values of keys whose names say that
// they are secrets are not, in whatever way they are written. In doubt a line is not shown. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

// For each line, whether it is a value of such a key above it, or may be a part of one.
std::vector<bool> lines_of_secrets(const std::vector<std::string_view>& lines);
// Of a line that may be shown; its width stays: each character behind the name of a secret is a star.
std::string with_stars(std::string_view line);

}  // namespace cctl
