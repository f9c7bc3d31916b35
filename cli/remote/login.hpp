// From a settled target to an authenticated session.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remote/core.hpp"
#include "remote/session.hpp"
#include "remote/ssh_config.hpp"

namespace cctl {

// What a login needs of this machine, fetched before its clock starts: a person may be typing.
struct Credentials {
  std::vector<KeyFile> keys, spare_keys;
  std::vector<std::string> certificates;  // blobs
  std::vector<std::string> missing;       // certificate files that are not there
  std::optional<std::string> password;
  std::set<std::string> revoked;  // host keys (base64) of RevokedHostKeys
  std::chrono::milliseconds agent_limit{1500};
};
// Reads every file of a target, the known_hosts too, each in at most `limit`; then asks for what only a person knows.
Task<Credentials> gather_credentials(std::shared_ptr<Core> core, Target target, std::chrono::milliseconds limit);

// Lists of algorithms that are configured; the order of host key types, those that known_hosts has for the target
// first, so that the server shows one we can check.
void set_algorithms(Session& session, const Core& core, const Target& target);
// Throws NoAccess for a key that is not known, has changed or is revoked; accept-new writes it down.
Task<void> check_host_key(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                          std::set<std::string> revoked);
// Throws NoAccess, naming every method tried. `stage` tells what is being waited for.
Task<void> authenticate(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                        Credentials credentials, std::string& stage);

// Dials TCP: resolves, tries the addresses in turn, sets the socket's options. Returns the descriptor.
Task<int> dial(std::shared_ptr<Core> core, Target target);

}  // namespace cctl
