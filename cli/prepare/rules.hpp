// One rule for each item of `prepare:`: what is wrong with a host, and the commands that put it right. Pure.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "look/facts.hpp"
#include "model/prepare.hpp"
#include "model/ruling.hpp"

namespace cctl {

// What the inventory and the plan want of one host.
struct HostWish {
  std::string cluster, name;
  Prepare prepare;
  std::vector<Opening> openings;       // of what runs there, and the inventory's own
  std::vector<std::string> same_name;  // other hosts that say they have this host's hostname
  std::string docker_host;             // where its engine is said to listen
};

using Rule = Ruling (*)(const Facts& facts, const HostWish& wish);

Ruling rule_selinux(const Facts& facts, const HostWish& wish);
Ruling rule_firewall(const Facts& facts, const HostWish& wish);
Ruling rule_docker(const Facts& facts, const HostWish& wish);
Ruling rule_hostname(const Facts& facts, const HostWish& wish);
Ruling rule_hosts_file(const Facts& facts, const HostWish& wish);
Ruling rule_time(const Facts& facts, const HostWish& wish);
Ruling rule_sysctls(const Facts& facts, const HostWish& wish);

// Commands of the host's distribution and init system; none where they are not known.
std::vector<HostCommand> install(const Facts& facts, const std::string& package);
std::vector<HostCommand> start_service(const Facts& facts, const std::string& service);  // now and at boot
HostCommand restart_service(const Facts& facts, const std::string& service);

}  // namespace cctl
