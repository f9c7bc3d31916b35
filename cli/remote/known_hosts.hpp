// known_hosts files: read once for all hosts, keys compared here, since libssh ignores @revoked and parses slowly.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cctl {

// A line that speaks of a key. `key` is the base64 text of the public key, `type` its name ("ssh-ed25519").
struct KnownKey {
  std::string patterns;  // "host,*.example,!x" or one hashed name "|1|SALT|HASH"
  std::string type, key;
  bool revoked = false;
  bool authority = false;  // @cert-authority: signs certificates of hosts, which are not read here
  std::string file;
  int line = 0;
};

struct KnownHostsFile {
  std::vector<KnownKey> keys;                     // malformed lines are left out
  std::multimap<std::string, std::size_t> plain;  // plain names, in lower case, to the index of their line
  std::vector<std::size_t> others;                // lines with wildcards, negations or hashed names
  std::string fault;                              // "FILE cannot be read: ...": what it has is not known
};

KnownHostsFile parse_known_hosts(const std::string& text, const std::string& file);
// A file that is not there has no keys; one that cannot be read has a fault.
KnownHostsFile read_known_hosts(const std::string& file);

// "host", or "[host]:port" where the port is not 22.
std::string known_host_name(const std::string& host, int port);
// Every line that matches the name, revoked ones and authorities too.
std::vector<const KnownKey*> keys_of(const KnownHostsFile& file, const std::string& name);

enum class KeyVerdict { known, unknown, changed, revoked };
struct KeyCheck {
  KeyVerdict verdict = KeyVerdict::unknown;
  const KnownKey* line = nullptr;       // the line that decided
  const KnownKey* authority = nullptr;  // a line that would have a certificate decide
};
using KnownLines = std::vector<const KnownKey*>;
// A host with any other key in a line of its own has changed, whatever the kind of that key.
KeyCheck check_key(const KnownLines& lines, const std::string& type, const std::string& key);
// For a host on a port other than 22, as OpenSSH does it: where no line has the name with the port, one with the bare
// name will do, if it has this key.
KeyCheck check_key(const KnownLines& with_port, const KnownLines& bare, const std::string& type,
                   const std::string& key);

// Appends "name type key", whole or not at all, making the file (0600) and its directory (0700) if need be, unless the
// file speaks of the name by then: it is read under its lock, for which this waits two seconds. Returns what it has
// then, with the line where that was written.
// A link is followed where nobody but root and ourselves can have laid it, as dotfiles are kept. Throws Error when it
// cannot.
KnownHostsFile append_known_host(const std::string& file, const std::string& name, const std::string& type,
                                 const std::string& key);

}  // namespace cctl
