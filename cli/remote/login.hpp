// From a settled target to an authenticated session.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remote/core.hpp"
#include "remote/session.hpp"
#include "remote/ssh_config.hpp"

namespace cctl {

// Secrets and keys of a target, fetched before the clock of the login starts: a person may be typing.
struct Credentials {
  std::vector<KeyFile> keys;
  std::optional<std::string> password;
};
Task<Credentials> gather_credentials(std::shared_ptr<Core> core, Target target);

// Preferred host key types: those that known_hosts has for the target first, so that the server shows one we can check.
void prefer_known_types(Session& session, Core& core, const Target& target);
// Throws Unreachable for a key that is not known, has changed or is revoked; accept-new writes it down.
void check_host_key(Session& session, Core& core, const Target& target);
// Throws Unreachable, naming every method tried.
Task<void> authenticate(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                        Credentials credentials);

// Dials TCP: resolves on the pool, tries the addresses in turn, sets the socket's options. Returns the descriptor.
Task<int> dial(std::shared_ptr<Core> core, std::string address, int port);

}  // namespace cctl
