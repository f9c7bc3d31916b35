#include "remote/key_file.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "model/base64.hpp"
#include "model/read_local.hpp"
#include "remote/key_blob.hpp"

namespace cctl {
namespace {

constexpr std::size_t longest_key = 1 << 20;  // of a key file

std::string content(const std::string& path) {
  return read_private(path, longest_key).text;
}

// "is a pipe", "cannot be read: Permission denied"
std::string words_of_fault(const std::string& fault) {
  const std::string it = "it ";
  return fault.starts_with(it) ? fault.substr(it.size()) : "cannot be read: " + fault;
}

// Asked by libssh for a passphrase; without one to give it would ask the terminal by itself.
struct Asker {
  const std::optional<std::string>& passphrase;
  bool wanted = false;
  static int answer(const char*, char* buffer, size_t size, int, int, void* user) {
    auto* self = static_cast<Asker*>(user);
    self->wanted = true;
    if (!self->passphrase || self->passphrase->size() + 1 > size) return -1;
    self->passphrase->copy(buffer, self->passphrase->size());
    buffer[self->passphrase->size()] = '\0';
    return 0;
  }
};

std::string blob_of(const SshKey& key) {
  char* text = nullptr;
  std::string blob;
  if (ssh_pki_export_pubkey_base64(key.get(), &text) == SSH_OK) blob = from_base64(text).value_or("");
  ssh_string_free_char(text);
  return blob;
}

}  // namespace

KeyText read_key(const std::string& path) {
  KeyText read;
  read.path = path;
  LocalText file = read_private(path, longest_key);
  struct stat about = {};
  read.there = file || ::stat(path.c_str(), &about) == 0;
  read.text = std::move(file.text);
  if (!file)
    read.fault = file.error == ENOENT ? "is not there" : words_of_fault(file.fault);
  else if (read.text.empty())
    read.fault = "is empty";
  read.public_text = content(path + ".pub");
  read.certificate_text = content(path + "-cert.pub");
  return read;
}

std::optional<std::string> read_certificate(const std::string& path) {
  for (const auto& file : {path, path + ".pub"}) {
    const auto blob = blob_of_public(content(file));
    if (blob && is_certificate(*blob)) return blob;
  }
  return {};
}

KeyFile parse_key(const KeyText& read, const std::optional<std::string>& passphrase) {
  KeyFile file;
  file.path = read.path;
  const auto certificate = blob_of_public(read.certificate_text);
  if (certificate && is_certificate(*certificate)) file.certificate = *certificate;
  file.blob = blob_of_public(read.public_text).value_or("");
  file.problem = read.fault;
  if (!read.fault.empty()) return file;
  if (const auto named = blob_of_public(read.text)) {
    file.blob = *named;
    file.problem = "is a public key, and no agent has its private half";
    return file;
  }
  if (const auto inside = blob_of_private(read.text)) file.blob = *inside;
  if (blob_type(file.blob).starts_with("sk-")) {
    file.problem = "is a key of a security token, which only an agent can use";
    return file;
  }
  Asker asker{passphrase};
  ssh_key loaded = nullptr;
  const auto text = read.text + (read.text.ends_with('\n') ? "" : "\n");
  if (ssh_pki_import_privkey_base64(text.c_str(), nullptr, &Asker::answer, &asker, &loaded) == SSH_OK) {
    file.key = SshKey(loaded, ssh_key_free);
    file.blob = blob_of(file.key);
    return file;
  }
  file.wants_passphrase = asker.wanted;
  file.problem = !asker.wanted ? "is no private key" : passphrase ? "has another passphrase" : "needs a passphrase";
  return file;
}

SshKey public_key(const std::string& blob) {
  ssh_key key = nullptr;
  const auto type = ssh_key_type_from_name(blob_type(blob).c_str());
  const auto text = to_base64(blob);
  const int status = is_certificate(blob) ? ssh_pki_import_cert_base64(text.c_str(), type, &key)
                                          : ssh_pki_import_pubkey_base64(text.c_str(), type, &key);
  return status == SSH_OK ? SshKey(key, ssh_key_free) : nullptr;
}

SshKey with_certificate(const SshKey& key, const std::string& certificate_blob) {
  const auto certificate = public_key(certificate_blob);
  const SshKey copy(ssh_key_dup(key.get()), ssh_key_free);  // the same key is offered without its certificate, too
  return certificate && copy && ssh_pki_copy_cert_to_privkey(certificate.get(), copy.get()) == SSH_OK ? copy : nullptr;
}

}  // namespace cctl
