// Kernel settings as files of a host: each now, and all of them at boot. /proc/sys gives old values back like any other
// file. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/spec.hpp"

namespace cctl {

std::vector<FileSpec> sysctl_files(const std::map<std::string, std::string>& settings, const std::string& cluster,
                                   const std::string& component);

}  // namespace cctl
