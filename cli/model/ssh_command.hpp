// The line that logs in to a host as we do, for people to paste: address, port, user, key and the way there.
#pragma once
#include <string>

#include "model/inventory.hpp"

namespace cctl {

// "ssh -v -p 2222 -i KEY -J ops@bastion root@10.0.0.1"; `options` come first ("-v").
std::string ssh_command(const Host& host, const std::string& options = "");

}  // namespace cctl
