// What a host is like before it is prepared: one script, and its answer as plain values. Pure.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/prepare.hpp"

namespace cctl {

// A chain of nftables that sees what comes in.
struct InputChain {
  std::string family, table, name, policy;
  std::vector<std::string> rules;
};

struct HostFacts {
  std::string os;                  // "debian 12"
  std::string packages;            // apt-get, dnf, yum; empty: none that is known
  std::string init;                // systemd, service; empty: none that is known
  std::set<std::string> services;  // that run, as systemd tells
  bool docker_installed = false;
  bool engine_answers = false;           // told by the observation
  std::string engine_unknown;            // why it could not be asked whether one runs; empty: that is known
  std::string docker_package;            // that yum or dnf has, where Docker is not installed
  std::string selinux, selinux_at_boot;  // Enforcing, Permissive, Disabled, or empty; enforcing, permissive, disabled
  bool firewalld = false, ufw = false;   // running
  std::string zone;                      // firewalld's, of the host's address
  std::string open_now, open_at_boot;    // firewalld's ports and protocols, as it lists them
  bool zone_open = false;                // lets everything in
  std::vector<std::string> ufw_rules;
  std::vector<std::string> iptables;  // iptables -S INPUT
  std::vector<InputChain> chains;     // of nftables, those of iptables left out
  std::string hostname;
  std::string own_address;  // what the host's own name resolves to there
  std::string clock;        // the program that keeps its time
  bool timesyncd = false;   // installed, running or not
  std::map<std::string, std::string> sysctls;
};

// POSIX sh; a constant: what it is asked comes as its input.
extern const char* const kFactsScript;
std::string facts_input(const Prepare& wanted, const std::string& ip);
// Throws Error when the answer is not whole.
HostFacts facts_from(const std::string& answer);

}  // namespace cctl
