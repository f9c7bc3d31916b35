// One rule for each item of `prepare:`: what is wrong with a host, and the commands that put it right. Pure.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "prepare/facts.hpp"

namespace cctl {

using Command = std::vector<std::string>;  // words, never a line for a shell

// What the inventory and the plan want of one host.
struct HostWish {
  std::string cluster, name;
  Prepare prepare;
  std::vector<Opening> openings;       // of what runs there, and the inventory's own
  std::vector<std::string> same_name;  // other hosts that say they have this host's hostname
};

struct Ruling {
  std::string wrong;  // empty: as wanted
  std::string cure;   // what the commands do, in words
  std::vector<Command> commands;
  std::vector<Command> undo;     // for `down`; empty: it stays
  std::string help;              // what a person can do where there are no commands
  std::string note;              // what the commands leave open
  bool restarts_engine = false;  // and with it what runs there
};

using Rule = Ruling (*)(const HostFacts& facts, const HostWish& wish);

Ruling rule_selinux(const HostFacts& facts, const HostWish& wish);
Ruling rule_firewall(const HostFacts& facts, const HostWish& wish);
Ruling rule_docker(const HostFacts& facts, const HostWish& wish);
Ruling rule_hostname(const HostFacts& facts, const HostWish& wish);
Ruling rule_hosts_file(const HostFacts& facts, const HostWish& wish);
Ruling rule_time(const HostFacts& facts, const HostWish& wish);
Ruling rule_sysctls(const HostFacts& facts, const HostWish& wish);

// Commands of the host's distribution and init system; none where they are not known.
std::vector<Command> install(const HostFacts& facts, const std::string& package);
std::vector<Command> start_service(const HostFacts& facts, const std::string& service);  // now and at boot
Command restart_service(const HostFacts& facts, const std::string& service);

}  // namespace cctl
