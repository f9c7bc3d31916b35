// Paths of an inventory: of anything, and of directories that hold data, which get an owner and may be purged. Pure.
#pragma once
#include <string>

namespace cctl {

// Empty, or what it is instead.
std::string why_no_path(const std::string& text);
std::string why_no_data_directory(const std::string& text);

// One of two absolute paths is the other, or lies in it.
bool overlap(const std::string& a, const std::string& b);

}  // namespace cctl
