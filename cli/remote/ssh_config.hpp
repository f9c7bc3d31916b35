// Where and how to log in: what the inventory says, filled up with what OpenSSH's own configuration says.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/inventory.hpp"
#include "remote/ssh_ask.hpp"

namespace cctl {

// Everything that one login needs, settled.
struct Target {
  std::string label;    // "HOST" or "jump ADDRESS", for counters and errors
  std::string address;  // name or address to dial
  int port = 22;
  std::string user;
  std::string bind_address;    // "" is any
  std::string family = "any";  // or inet, inet6
  std::string proxy_command;   // its streams are the connection; "" is none
  std::vector<JumpHop> jumps;  // the first is dialled first

  std::vector<std::string> keys;          // in the order of offering
  std::vector<std::string> spare_keys;    // the usual names, where they are; offered after the agent's own
  std::vector<std::string> certificates;  // files
  bool only_these = false;                // of the agent's keys, only those that match `keys` are offered
  bool use_agent = true;
  std::string agent_socket;  // "" is none
  std::string password_file;
  bool password_prompt = false;
  bool kerberos = false;  // configured, and not done here

  HostKeyPolicy host_key = HostKeyPolicy::strict;
  std::string key_name;                                         // HostKeyAlias
  std::vector<std::string> known_hosts;                         // files that are read
  std::string new_keys;                                         // file for new ones; "" is none
  std::string revoked_keys;                                     // RevokedHostKeys
  std::vector<std::string> host_key_types;                      // HostKeyAlgorithms where configured
  std::vector<std::pair<std::string, std::string>> algorithms;  // other lists that are configured: directive, value

  bool become = false;                // commands run through sudo
  std::vector<std::string> warnings;  // what is configured and not followed
};

// One machine to log in to, as it was asked for.
struct Wanted {
  std::string label, address;
  SshSettings settings;
  std::optional<std::string> spare_key;  // of the host behind a jump host, for one that has none of its own
};

// Reads files (which keys are there), so it blocks. Throws NoAccess for what cannot be followed.
Target settle(const Wanted& wanted, const SshAnswer& answer);

// A machine of a jump list: its own user, port and key; agent, password, host key policy as for the host behind it,
// without become.
Wanted as_wanted(const JumpHop& hop, const Wanted& behind);

}  // namespace cctl
