// Networks and addresses of IPv4 and IPv6, as texts. Pure.
#pragma once
#include <string>

namespace cctl {

// Whether the address is in the network that "ADDRESS/BITS" is a part of: 10.0.1.7 is in 10.0.1.1/24. No, where one of
// them is no such thing, or they are of two families.
bool network_holds(const std::string& network, const std::string& address);

// An address in its shortest form, by which two are the same: "0::1" is "::1", "::ffff:10.0.0.1" is 10.0.0.1; "": none.
std::string shortest_ip(const std::string& text);
// 127.0.0.0/8 and ::1.
bool is_loopback_ip(const std::string& text);

}  // namespace cctl
