// Which keys are offered to a host, and in which order. A server hangs up after a few wrong ones (MaxAuthTries, usually
// six), so each is offered once, the likeliest first. Pure, but for libssh's keys.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "remote/key_blob.hpp"
#include "remote/key_file.hpp"

namespace cctl {

struct Offer {
  std::string name;  // "publickey FILE"
  SshKey key;        // null: the agent signs
  AgentKey shown;    // the agent's key, or a certificate for it
  std::string signer;
};

// Files whose private half is at hand: with each certificate for it, then alone.
std::vector<Offer> file_offers(const std::vector<KeyFile>& files, const std::vector<std::string>& certificates);

// The agent's keys: certificates of ours that they can sign for, those that the files name, then the others unless
// `only_these`. What is in `offered` (blobs) is left out.
std::vector<Offer> agent_offers(const std::vector<AgentKey>& agent, const std::vector<KeyFile>& files,
                                const std::vector<std::string>& certificates, bool only_these,
                                const std::set<std::string>& offered);

}  // namespace cctl
