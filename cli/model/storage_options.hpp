// What a storage driver of the engine takes among storage-opts: others keep the engine from starting. Pure.
#pragma once
#include <string>

namespace cctl {

// Empty, or what `option` ("overlay2.size=10G") is instead. `driver` is empty where none is said: it may be any then.
std::string why_no_storage_option(const std::string& driver, const std::string& option);

}  // namespace cctl
