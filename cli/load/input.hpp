// Settings that are handed on whole (`docker:`), held against what their playbook knows of them.
#pragma once
#include <string>
#include <vector>

#include "load/reader.hpp"
#include "model/inventory.hpp"
#include "model/playbook.hpp"

namespace cctl {

// What the kind of a list begins with: "list of number".
inline const std::string list_of = "list of ";

// "map like services": its keys are those of services.
inline const std::string map_like = "map like ";
// "text, only beside ui: false"
inline const std::string only_beside = ", only beside ";

// boolean, number, text, list (of texts), maps (a list of them), texts (a map of texts), map, any; or a kind of
// model/var_kind.hpp for a text, "list of KIND" for the items of a list. A network "of no host" that has a host in it
// takes that host's neighbours away; one "best of no host" may.
std::string is_input_kind(const std::string& kind);
// What a value of the kind looks like, as kind_of says it: boolean, number, text, list or map.
std::string shape_of(const std::string& kind);

void check_input(const Playbook& playbook, const Tree& tree, const std::vector<Host>& hosts, Mistakes& mistakes);

}  // namespace cctl
