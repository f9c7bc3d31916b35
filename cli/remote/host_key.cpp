// The server's host key against known_hosts.
#include <algorithm>

#include "model/base64.hpp"
#include "remote/login.hpp"

namespace cctl {
namespace {

std::string name_of(const Target& target) {
  return target.key_name.empty() ? known_host_name(target.address, target.port) : target.key_name;
}

std::vector<const KnownKey*> lines_for(Core& core, const Target& target) {
  std::vector<const KnownKey*> lines;
  for (const auto& file : target.known_hosts)
    for (const auto* line : keys_of(core.known_hosts_of(file), name_of(target))) lines.push_back(line);
  return lines;
}

struct ServerKey {
  std::string type, base64, fingerprint;
};

ServerKey server_key(Session& session) {
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(session.raw(), &raw) != SSH_OK) throw Unreachable("the host showed no host key");
  const Key key(raw, ssh_key_free);
  ServerKey result;
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(raw, &text) == SSH_OK) result.base64 = text;
  ssh_string_free_char(text);
  // The type is the first field of the blob: a length of four bytes, then the name.
  const auto blob = from_base64(result.base64).value_or("");
  if (blob.size() > 4) result.type = blob.substr(4, static_cast<unsigned char>(blob[3]));
  unsigned char* hash = nullptr;
  size_t size = 0;
  if (ssh_get_publickey_hash(raw, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == 0) {
    char* print = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
    result.fingerprint = print ? print : "";
    ssh_string_free_char(print);
    ssh_clean_pubkey_hash(&hash);
  }
  return result;
}

}  // namespace

void prefer_known_types(Session& session, Core& core, const Target& target) {
  std::vector<std::string> order;
  auto add = [&order](const std::string& type) {
    std::vector<std::string> names{type};
    if (type == "ssh-rsa") names = {"rsa-sha2-512", "rsa-sha2-256"};
    for (const auto& name : names)
      if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  };
  const auto lines = lines_for(core, target);
  if (std::all_of(lines.begin(), lines.end(), [](const KnownKey* line) { return line->revoked; })) return;
  for (const auto* line : lines)
    if (!line->revoked) add(line->type);
  for (const char* type :
       {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"})
    add(type);
  std::string text;
  for (const auto& name : order) text += (text.empty() ? "" : ",") + name;
  ssh_options_set(session.raw(), SSH_OPTIONS_HOSTKEYS, text.c_str());
}

void check_host_key(Session& session, Core& core, const Target& target) {
  const auto key = server_key(session);
  const auto check = check_key(lines_for(core, target), key.type, key.base64);
  const auto place = check.line ? check.line->file + ":" + std::to_string(check.line->line) : "";
  const auto shown = key.type + " " + key.fingerprint;
  switch (check.verdict) {
    case KeyVerdict::known:
      return;
    case KeyVerdict::revoked:
      throw Unreachable("host key of " + target.address + " is revoked in " + place + " (" + shown + ")");
    case KeyVerdict::changed:
      throw Unreachable("host key of " + target.address + " changed: it is now " + shown + ", but " + place +
                        " has another; if the host was installed anew, remove that line");
    case KeyVerdict::unknown:
      break;
  }
  if (target.host_key != HostKeyPolicy::accept_new) {
    const auto port = target.port == 22 ? "" : "-p " + std::to_string(target.port) + " ";
    throw Unreachable("host key of " + target.address + " is not known (" + shown +
                      "); check it and add it with: ssh-keyscan " + port + target.address + " >> " +
                      target.known_hosts.front() + ", or say `host_key: accept-new`");
  }
  append_known_host(target.known_hosts.front(), name_of(target), key.type, key.base64);
  core.known_hosts.erase(target.known_hosts.front());
}

}  // namespace cctl
