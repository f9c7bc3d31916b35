// JSON as a tree with a mark on every node, so that what is wrong in a file of JSON is told at its place, as in YAML.
#pragma once
#include <string>

#include "load/tree.hpp"

namespace cctl {

// Text that is no JSON gives one mistake and a null tree. A key that stands twice is warned of: the last one counts, as
// it does for most readers of JSON.
Tree parse_json(const std::string& text, const std::string& file, Mistakes& mistakes);

}  // namespace cctl
