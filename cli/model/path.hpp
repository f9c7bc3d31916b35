// Paths as texts. Pure.
#pragma once
#include <string>
#include <vector>

namespace cctl {

// The directory itself, or what lies below it.
bool within(const std::string& path, const std::string& directory);

// Without "." and "..", doubled slashes and one at the end, as they are read; "/" stays what it is.
std::string normal_path(const std::string& path);

// Every directory above `path`, nearest first, without "/".
std::vector<std::string> above(const std::string& path);

}  // namespace cctl
