// Kinds of values that name a thing of Docker's or a port: why a text is none, or "". Pure.
#pragma once
#include <string>

namespace cctl {

std::string why_no_port_ranges(const std::string& text);  // [31000-32000], of ports that there are
std::string why_no_image(const std::string& text);

}  // namespace cctl
