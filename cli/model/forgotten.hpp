// What a host has forgotten of its cluster, since what is kept there cannot be read.
#pragma once
#include <string>
#include <vector>

#include "model/observed.hpp"

namespace cctl {

// One sentence for each file, with what is lost by it; the host is not named.
std::vector<std::string> forgotten_on(const std::string& cluster, const ObservedHost& host);

}  // namespace cctl
