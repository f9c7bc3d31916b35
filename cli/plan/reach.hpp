// Components that cannot be reached, or cannot reach, as an inventory sets them up: their gates would never pass. Pure.
#pragma once
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"

namespace cctl {

// A container that is taken off the host's network, while others ask it at the host's address, or it asks them there.
void check_networks(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

// An address that is one host's own (the kind `own address` of a flag or variable), given to several.
void check_own_addresses(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes);

}  // namespace cctl
