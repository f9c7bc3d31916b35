// Names that a member goes by among its like, and that another one still has: it is refused until that one is gone.
// Pure. Source: Consul refuses a node's name while an agent of another node id has it.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// Of those of `component` on the chosen hosts (empty: all) that would go by a name of another one, why they must not
// yet:
// ""; or "consul-client on b would go by "a", which that on c has while it runs: ...".
std::string held_name(const Desired& desired, const Observed& observed, const std::string& component,
                      const std::set<std::string>& chosen);

}  // namespace cctl
