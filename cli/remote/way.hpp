// The way to a host: the jump hosts in order, the host last.
#pragma once
#include <memory>
#include <vector>

#include "remote/login.hpp"

namespace cctl {

struct Hop {
  Target target;
  Credentials credentials;
};

// Settles every hop from inventory and OpenSSH's configuration, a jump host's own jump hosts too, and fetches keys and
// secrets. What blocks is given up after `limit`; a person may take longer.
Task<std::vector<Hop>> find_way(std::shared_ptr<Core> core, Wanted wanted, std::chrono::milliseconds limit);

}  // namespace cctl
