// What a login needs of this machine: key files, certificates, lists of host keys, passwords.
#include <sstream>

#include "model/read_local.hpp"
#include "model/secrets.hpp"
#include "remote/login.hpp"

namespace cctl {
namespace {

struct Gathered {
  std::vector<KeyText> keys, spare_keys;
  Credentials credentials;
};

constexpr std::size_t longest_password_file = 64 << 10, longest_key_list = 16 << 20;

std::string password_of(const std::string& file) {
  const LocalText read = read_private(file, longest_password_file);
  if (!read) throw NoAccess("the password file " + file + " cannot be read: " + read.fault);
  if (read.text.empty()) throw NoAccess("the password file " + file + " is empty");
  std::string line = read.text.substr(0, read.text.find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  keep_secret(line);
  return line;
}

// One public key a line. Not being able to read it must not make revoked keys good.
std::set<std::string> revoked_keys(const std::string& file) {
  const LocalText read = read_private(file, longest_key_list);
  if (!read)
    throw NoAccess("RevokedHostKeys " + file + " cannot be read, so no host key can be trusted: " + read.fault);
  std::istringstream in(read.text);
  std::set<std::string> keys;
  for (std::string line; std::getline(in, line);) {
    if (keys.empty() && line.starts_with("SSHKRL"))
      throw NoAccess("RevokedHostKeys " + file + " is a KRL, which is not read here; a list of public keys is");
    std::istringstream words(line);
    std::string type, key;
    if (words >> type >> key && !type.starts_with('#')) keys.insert(key);
  }
  return keys;
}

std::vector<std::string> certificates_of(const std::vector<std::string>& files, std::vector<std::string>& missing) {
  std::vector<std::string> blobs;
  for (const auto& file : files) {
    if (const auto blob = read_certificate(file))
      blobs.push_back(*blob);
    else
      missing.push_back(file);
  }
  return blobs;
}

Task<void> read_files(std::shared_ptr<Core> core, const Target& target, Gathered& out, std::string& stage) {
  stage = "known_hosts";
  auto known = target.known_hosts;
  co_await core->read_known_hosts_files(std::move(known));
  for (const auto* files : {&target.keys, &target.spare_keys}) {
    for (const auto& file : *files) {
      stage = "the key " + file;
      auto path = file;
      auto text = co_await core->key_text(std::move(path));
      (files == &target.keys ? out.keys : out.spare_keys).push_back(std::move(text));
    }
  }
  if (target.certificates.empty() && target.revoked_keys.empty() && target.password_file.empty()) co_return;
  stage = "certificates, revoked keys or password";
  auto rest = [target] {
    Credentials read;
    read.certificates = certificates_of(target.certificates, read.missing);
    if (!target.revoked_keys.empty()) read.revoked = revoked_keys(target.revoked_keys);
    if (!target.password_file.empty()) read.password = password_of(target.password_file);
    return read;
  };
  out.credentials = co_await core->threads.run(rest);
}

// An encrypted key is only asked for where the agent does not have it open.
Task<bool> agent_has(std::shared_ptr<Core> core, const Target& target, const KeyFile& file,
                     std::chrono::milliseconds limit) {
  if (!target.use_agent || file.blob.empty()) co_return target.use_agent;
  auto socket = target.agent_socket;
  const auto answer = co_await core->agent(std::move(socket), limit);
  for (const auto& key : answer.keys)
    if (plain_blob(key.blob) == plain_blob(file.blob)) co_return true;
  co_return false;
}

Task<KeyFile> opened(std::shared_ptr<Core> core, const Target& target, KeyText text, std::chrono::milliseconds limit) {
  auto copy = text;
  auto file = co_await core->key(std::move(copy), false);
  if (!file.wants_passphrase || co_await agent_has(core, target, file, limit)) co_return file;
  co_return co_await core->key(std::move(text), true);
}

}  // namespace

Task<Credentials> gather_credentials(std::shared_ptr<Core> core, Target target, std::chrono::milliseconds limit) {
  Gathered gathered;
  std::string stage;
  auto reading = read_files(core, target, gathered, stage);
  if (!co_await within(core->loop, limit, std::move(reading)))
    throw NoAccess(stage + " could not be read in " + std::to_string(limit.count()) + " ms");
  auto result = std::move(gathered.credentials);
  result.agent_limit = limit / 2;
  for (auto& text : gathered.keys) {
    auto file = co_await opened(core, target, std::move(text), result.agent_limit);
    result.keys.push_back(std::move(file));
  }
  for (auto& text : gathered.spare_keys) {
    auto file = co_await core->key(std::move(text), false);
    result.spare_keys.push_back(std::move(file));
  }
  if (target.password_prompt && !result.password) {
    // A jump host is named: one that belongs to others must not get what is meant for the hosts behind it.
    const bool jump = target.label.starts_with("jump ");
    auto prompt = (target.become ? "SSH and sudo password for " : "SSH password for ") + target.user +
                  (jump ? " on the " + target.label : " on the hosts");
    result.password = co_await core->ask(std::move(prompt));
    if (!result.password)
      throw NoAccess("the password of " + target.user +
                         " cannot be asked for without a terminal; ssh: {password_file: FILE} answers it",
                     10);
  }
  co_return result;
}

}  // namespace cctl
