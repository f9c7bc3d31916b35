// The words for machines on the way: [user@]host[:port], comma separated, as OpenSSH's ProxyJump has them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"

namespace cctl {

// "none" is no machine at all. Empty when the text is not of that form; what a user or host may look like is not
// judged.
std::optional<std::vector<JumpHop>> parse_jump(const std::string& text);

// [user@]host[:port], an IPv6 address in brackets where a port follows.
std::string to_text(const JumpHop& hop);

}  // namespace cctl
