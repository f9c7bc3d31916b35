// Where and how to log in: what the inventory says, filled up with what OpenSSH's own configuration says.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.hpp"

namespace cctl {

// Everything that one login needs, settled.
struct Target {
  std::string label;    // "HOST" or "jump ADDRESS", for counters and errors
  std::string address;  // name or address to dial
  int port = 22;
  std::string user;
  std::vector<std::string> keys;  // private key files in the order of offering; missing files are left out
  bool key_configured = false;    // the agent may offer only keys that match `keys`
  bool use_agent = true;
  std::string agent_socket;  // "" is none
  std::string password_file;
  bool password_prompt = false;
  std::vector<std::string> jumps;  // [user@]host[:port], the first is dialled first
  HostKeyPolicy host_key = HostKeyPolicy::strict;
  std::string key_name;                  // name to look up in known_hosts
  std::vector<std::string> known_hosts;  // files; new keys go to the first
  bool become = false;                   // commands run through sudo
  std::string config;                    // handed on to jump hosts
};

// Output of `ssh -G`: keyword in lower case -> values in order.
using SshWords = std::map<std::string, std::vector<std::string>>;

// Asks OpenSSH; blocks, so it is called on the pool. Empty when `program` is "", not installed, or there is nothing in
// any configuration file that could matter. Throws Error when ssh refuses its configuration.
SshWords ask_openssh(const std::string& program, const std::string& address, const SshSettings& settings);

Target settle(const std::string& label, const std::string& address, const SshSettings& settings, const SshWords& words);

// Settings to reach one hop of a jump list: its own user and port, the rest (key, agent, password, host key policy)
// as for the host behind it, without become.
SshSettings hop_settings(const std::string& hop, const SshSettings& behind, std::string& address);

}  // namespace cctl
