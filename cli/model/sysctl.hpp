// Names of kernel settings, as sysctl(8) reads them. Pure.
#pragma once
#include <string>

namespace cctl {

// The usual form: net.ipv4.conf.eth0/1.rp_filter, in which a slash stands for a dot inside a part, also of
// net/ipv4/conf/eth0.1/rp_filter. Empty: it is no name of a setting.
std::string sysctl_name(const std::string& text);

// "/proc/sys/net/ipv4/conf/eth0.1/rp_filter"
// Empty, or what the kernel takes for it alone: of the settings that are numbers for sure.
std::string why_no_sysctl_value(const std::string& name, const std::string& value);

std::string sysctl_path(const std::string& name);

}  // namespace cctl
