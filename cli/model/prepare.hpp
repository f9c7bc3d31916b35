// What the inventory's `prepare:` says of the hosts themselves, before anything of the cluster is there.
#pragma once
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cctl {

// check tells what is wrong; apply puts it right.
enum class PrepareMode { off, check, apply };

// What a host lets in: ports of tcp or udp, or a protocol without ports (vrrp).
struct Opening {
  std::string protocol;
  int from = 0, to = 0;

  auto operator<=>(const Opening&) const = default;
};

// "8300-8302/tcp", "53", "vrrp"; a port without protocol is of tcp. Empty when it is none of these.
std::optional<Opening> opening_from(const std::string& text);
// "8300-8302", "" for a protocol without ports; `dash` is what a firewall writes between two ports.
std::string ports_text(const Opening& opening, char dash = '-');
// "8300-8302/tcp", "vrrp"
std::string to_text(const Opening& opening, char dash = '-');

struct Prepare {
  PrepareMode docker = PrepareMode::off, selinux = PrepareMode::off, firewall = PrepareMode::off,
              sysctls = PrepareMode::off, hostname = PrepareMode::off, hosts_file = PrepareMode::off,
              time = PrepareMode::off;
  std::string selinux_want = "permissive";    // or disabled, enforcing
  bool stop_firewall = false;                 // how: stop
  std::vector<Opening> openings;              // besides those of the components
  std::map<std::string, std::string> values;  // of the sysctls

  bool any() const {
    for (const PrepareMode mode : {docker, selinux, firewall, sysctls, hostname, hosts_file, time})
      if (mode != PrepareMode::off) return true;
    return false;
  }
};

// Something done to a host, as it is kept there (/var/lib/clusterctl/CLUSTER/prepared.json) for `down`.
struct Prepared {
  std::string item, why;
  std::vector<std::vector<std::string>> undo;  // commands
};

}  // namespace cctl
