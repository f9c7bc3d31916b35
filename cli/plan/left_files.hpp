// What is still on a host of components that the inventory no longer has. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// A line for each component with files that we wrote and nobody wants now, where no container of ours tells of it.
std::vector<std::string> left_files(const Desired& desired, const ObservedHost& host);

}  // namespace cctl
