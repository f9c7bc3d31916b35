// A key file and what lies beside it: the private key, its public half, its certificate.
#pragma once
#include <libssh/libssh.h>

#include <memory>
#include <optional>
#include <string>

namespace cctl {

using SshKey = std::shared_ptr<ssh_key_struct>;

// What was read, before anything is made of it.
struct KeyText {
  std::string path;
  std::string text, public_text, certificate_text;  // PATH, PATH.pub, PATH-cert.pub
  bool there = false;
  std::string fault;  // why it could not be read
};
// Blocks, as long as the disk likes.
KeyText read_key(const std::string& path);
// A certificate file; the suffix .pub may be left out, as for ssh. Empty when there is none.
std::optional<std::string> read_certificate(const std::string& path);

struct KeyFile {
  std::string path;
  SshKey key;               // the private half, where it could be had
  std::string blob;         // the public half, for the agent; may be a certificate that was named as the key
  std::string certificate;  // blob
  std::string problem;      // why there is no `key`
  bool wants_passphrase = false;
};
// Takes milliseconds, and seconds where a passphrase is stretched. Without a passphrase an encrypted key stays shut.
KeyFile parse_key(const KeyText& read, const std::optional<std::string>& passphrase);

// The private key to log in with as the certificate says; null when libssh does not know the certificate's kind.
SshKey with_certificate(const SshKey& key, const std::string& certificate_blob);
// Null when libssh does not know its kind.
SshKey public_key(const std::string& blob);

}  // namespace cctl
