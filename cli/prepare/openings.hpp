// Which ports are open, and which of the wanted ones are not. Pure.
#pragma once
#include <string>
#include <vector>

#include "look/facts.hpp"
#include "model/prepare.hpp"

namespace cctl {

// Sorted, with neighbours and overlaps made one.
std::vector<Opening> joined(std::vector<Opening> openings);
// What of `wanted` no one of `open` covers; joined.
std::vector<Opening> missing(const std::vector<Opening>& wanted, const std::vector<Opening>& open);

// What a firewall keeps out and lets in.
struct Gatekeeper {
  bool shut = false;  // keeps out what no rule lets in
  std::vector<Opening> open;
};
std::vector<Opening> openings_of_firewalld(const std::string& listed);
Gatekeeper read_ufw(const std::vector<std::string>& rules);
Gatekeeper read_iptables(const std::vector<std::string>& rules);
Gatekeeper read_nft(const InputChain& chain);
// The words of a rule as it is listed, with "two words" in quotes as one.
std::vector<std::string> words_of_rule(const std::string& line);

}  // namespace cctl
