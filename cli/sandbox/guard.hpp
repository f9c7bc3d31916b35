// A sandbox is root to whoever reaches it: its Marathon starts what it is told, its registry keeps what is pushed, and
// its nodes are hardly confined. These rules of the machine's firewall keep other users out, and other machines: what
// is published on loopback alone the engine lets in from everywhere at its container's own address.
#pragma once
#include <string>
#include <vector>

#include "sandbox/layout.hpp"
#include "sandbox/sandbox.hpp"

namespace cctl {

struct GuardedNetwork {
  std::string subnet;  // "198.18.7.0/24"
  std::string bridge;  // the machine's device that it is: to it nothing is passed on from another
};

struct Guarded {
  std::vector<GuardedNetwork> networks;
  std::string published;        // "127.0.0.1:49153"; empty: nothing is
  std::vector<unsigned> users;  // who may; root may in any case
};

// Shell scripts for iptables, which may run again, and the second without the first. Pure.
std::string guard_script(const std::string& chain, const Guarded& guarded);
std::string unguard_script(const std::string& chain);

// To be called before anything of the sandbox runs; `published` is where its registry will be. Says so where it cannot
// be done.
void guard(const Layout& layout, const std::string& node_image, const std::string& published, const Say& say);
void unguard(const Layout& layout, const std::string& node_image);

}  // namespace cctl
