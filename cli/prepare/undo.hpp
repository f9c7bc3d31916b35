// Which commands can put back what a rule of `prepare:` did. They are kept on the host, and what is kept there is held
// against this before any of it runs. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/prepare.hpp"
#include "prepare/rules.hpp"

namespace cctl {

// nft deletes by handle: the rules that carry our comment are looked up.
extern const char* const kForgetRules;
// The name that a host has without systemd.
extern const char* const kSetHostname;

// The first command of it that no rule for its item makes in this cluster; null: it may run as it stands.
const HostCommand* not_of_a_rule(const Prepared& done, const std::string& cluster);

}  // namespace cctl
