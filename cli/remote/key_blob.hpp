// Public keys and certificates as bytes (RFC 4253, PROTOCOL.certkeys, PROTOCOL.key), as far as libssh does not tell.
// Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

// "ssh-ed25519", "ssh-rsa-cert-v01@openssh.com"; "" when it is no blob.
std::string blob_type(std::string_view blob);
bool is_certificate(std::string_view blob);
// The key that a certificate is about, as a blob; a plain key is itself. Empty when it cannot be read.
std::optional<std::string> plain_blob(const std::string& blob);

// The blob in "TYPE BASE64 COMMENT"; empty when the text is no public key.
std::optional<std::string> blob_of_public(const std::string& text);
// The public half of a private key in OpenSSH's own format, which is readable without the passphrase.
std::optional<std::string> blob_of_private(const std::string& text);

struct AgentKey {
  std::string blob, comment;
};
// The answer of an agent to "which keys have you?" (without its type byte); empty when it cannot be read.
std::optional<std::vector<AgentKey>> parse_identities(std::string_view body);
std::string identities_body(const AgentKey& only);

std::string u32(std::size_t value);
std::string field(std::string_view bytes);  // with its length in front
// Takes one field off the front.
std::optional<std::string_view> take_field(std::string_view& rest);

}  // namespace cctl
