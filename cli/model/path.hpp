// Paths as texts. Pure.
#pragma once
#include <string>

namespace cctl {

// The directory itself, or what lies below it.
bool within(const std::string& path, const std::string& directory);

}  // namespace cctl
