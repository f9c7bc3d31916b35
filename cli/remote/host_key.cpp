// The server's host key against known_hosts.
#include <algorithm>

#include "model/base64.hpp"
#include "model/joined.hpp"
#include "model/shell_words.hpp"
#include "remote/key_blob.hpp"
#include "remote/login.hpp"

namespace cctl {
namespace {

std::string name_of(const Target& target) {
  return target.key_name.empty() ? known_host_name(target.address, target.port) : target.key_name;
}

KnownLines lines_for(const Core& core, const Target& target, const std::string& name) {
  KnownLines lines;
  for (const auto& file : target.known_hosts)
    for (const auto* line : keys_of(core.known_hosts_of(file), name)) lines.push_back(line);
  return lines;
}

// An alias has no port, and so nothing to fall back to.
KnownLines bare_lines(const Core& core, const Target& target) {
  if (!target.key_name.empty() || target.port == 22) return {};
  return lines_for(core, target, known_host_name(target.address, 22));
}

struct ServerKey {
  std::string type, base64, fingerprint;
};

ServerKey server_key(Session& session) {
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(session.raw(), &raw) != SSH_OK) throw NoAccess("the host showed no host key");
  const SshKey key(raw, ssh_key_free);
  ServerKey result;
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(raw, &text) == SSH_OK) result.base64 = text;
  ssh_string_free_char(text);
  result.type = blob_type(from_base64(result.base64).value_or(""));
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

std::string shown_of(const ServerKey& key) {
  return key.type + " " + key.fingerprint;
}

// Types of host keys to ask for, those that can be checked first; empty leaves it to libssh.
std::vector<std::string> wanted_types(const Core& core, const Target& target) {
  std::vector<std::string> order;
  auto add = [&](const std::string& type) {
    std::vector<std::string> names{type};
    if (type == "ssh-rsa") names = {"rsa-sha2-512", "rsa-sha2-256"};
    for (const auto& name : names) {
      const auto& allowed = target.host_key_types;
      const bool fits = allowed.empty() || std::find(allowed.begin(), allowed.end(), name) != allowed.end();
      if (fits && std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
    }
  };
  for (const auto& lines : {lines_for(core, target, name_of(target)), bare_lines(core, target)})
    for (const auto* line : lines)
      if (!line->revoked && !line->authority) add(line->type);
  if (order.empty() && target.host_key_types.empty()) return order;
  for (const char* type :
       {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"})
    add(type);
  if (order.empty()) throw NoAccess("HostKeyAlgorithms " + joined(target.host_key_types, ",") + ": none is known here");
  return order;
}

std::string scan_command(const Target& target) {
  std::vector<std::string> words{"ssh-keyscan"};
  if (target.port != 22) words.insert(words.end(), {"-p", std::to_string(target.port)});
  words.push_back(target.address);
  return shell_line(words) + " >> " + shell_word(target.new_keys.empty() ? "FILE" : target.new_keys);
}

// Why a key that is not known may be known all the same; "" where every file was read.
std::string unread(const Core& core, const std::vector<std::string>& files) {
  for (const auto& file : files)
    if (const auto& fault = core.known_hosts_of(file).fault; !fault.empty()) return fault;
  return "";
}

std::string place_of(const KnownKey& line) {
  return line.file + ":" + std::to_string(line.line);
}

// Scanning would trust whatever answers: a certificate line is there so that nobody has to.
[[noreturn]] void refuse_certified(const Target& target, const std::string& shown, const KnownKey& authority) {
  throw NoAccess("host key of " + target.address + " is not known (" + shown + "): " + place_of(authority) +
                 " trusts hosts by a certificate (@cert-authority), and certificates of hosts are not read here; "
                 "add the host's own key, taken from the host itself (/etc/ssh/ssh_host_*_key.pub), to " +
                 (target.new_keys.empty() ? "a known_hosts file" : target.new_keys));
}

// Known, or unknown; throws where lines speak against the key.
KeyCheck held_against_lines(const Core& core, const Target& target, const ServerKey& key) {
  const auto check =
      check_key(lines_for(core, target, name_of(target)), bare_lines(core, target), key.type, key.base64);
  const auto shown = shown_of(key);
  if (check.verdict == KeyVerdict::revoked)
    throw NoAccess("host key of " + target.address + " is revoked in " + place_of(*check.line) + " (" + shown + ")");
  if (check.verdict == KeyVerdict::changed)
    throw NoAccess("host key of " + target.address + " changed: it is now " + shown + ", but " + place_of(*check.line) +
                   " has another" + (check.line->type == key.type ? "" : ", a key of type " + check.line->type) +
                   "; if the host was installed anew, remove that line");
  return check;
}

}  // namespace

void set_algorithms(Session& session, const Core& core, const Target& target) {
  auto* raw = session.raw();
  const auto set = [&](ssh_options_e option, const std::string& directive, const std::string& value) {
    if (ssh_options_set(raw, option, value.c_str()) != SSH_OK)
      throw NoAccess(directive + " " + value + ": none of it is known here");
  };
  if (const auto types = wanted_types(core, target); !types.empty())
    set(SSH_OPTIONS_HOSTKEYS, "HostKeyAlgorithms", joined(types, ","));
  for (const auto& [directive, value] : target.algorithms) {
    if (directive == "ciphers") {
      set(SSH_OPTIONS_CIPHERS_C_S, "Ciphers", value);
      set(SSH_OPTIONS_CIPHERS_S_C, "Ciphers", value);
    } else if (directive == "macs") {
      set(SSH_OPTIONS_HMAC_C_S, "MACs", value);
      set(SSH_OPTIONS_HMAC_S_C, "MACs", value);
    } else if (directive == "kexalgorithms") {
      set(SSH_OPTIONS_KEY_EXCHANGE, "KexAlgorithms", value);
    } else if (directive == "pubkeyacceptedalgorithms") {
      set(SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, "PubkeyAcceptedAlgorithms", value);
    } else {
      const int bits = std::atoi(value.c_str());
      ssh_options_set(raw, SSH_OPTIONS_RSA_MIN_SIZE, &bits);
    }
  }
}

Task<void> check_host_key(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                          std::set<std::string> revoked) {
  const auto key = server_key(*session);
  const auto shown = shown_of(key);
  if (revoked.count(key.base64))
    throw NoAccess("host key of " + target.address + " is revoked in " + target.revoked_keys + " (" + shown + ")");
  const auto check = held_against_lines(*core, target, key);
  if (check.verdict == KeyVerdict::known) co_return;
  if (check.authority) refuse_certified(target, shown, *check.authority);
  // The file that new keys go to has to be read before one is taken for new.
  const bool accepts = target.host_key == HostKeyPolicy::accept_new;
  const bool keeps = accepts && !target.new_keys.empty();
  const auto needed = keeps ? std::vector{target.new_keys} : accepts ? std::vector<std::string>{} : target.known_hosts;
  if (const auto fault = unread(*core, needed); !fault.empty())
    throw NoAccess("whether the host key of " + target.address + " (" + shown + ") is known cannot be told: " + fault);
  if (!accepts)
    throw NoAccess("host key of " + target.address + " is not known (" + shown +
                   "); check it and add it with: " + scan_command(target) + ", or say `host_key: accept-new`");
  if (!keeps) co_return;  // UserKnownHostsFile none: trusted this once
  auto write = [target, name = name_of(target), key, shown] {
    try {
      return append_known_host(target.new_keys, name, key.type, key.base64);
    } catch (const Error& e) {
      throw NoAccess("the host key of " + target.address + " (" + shown + ") is new, and cannot be kept: " + e.what() +
                     "; `ssh: {known_hosts: FILE}` names another file");
    }
  };
  auto has = co_await core->threads.run(write);
  core->known_hosts[target.new_keys] = std::move(has);
  // Another key of the host may have been written first.
  held_against_lines(*core, target, key);
}

}  // namespace cctl
