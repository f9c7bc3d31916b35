#include "remote/key_blob.hpp"

#include <cstdint>
#include <sstream>

#include "model/base64.hpp"

namespace cctl {
namespace {

constexpr std::string_view cert_mark = "-cert-v01@openssh.com";

std::optional<std::uint32_t> take_number(std::string_view& rest) {
  if (rest.size() < 4) return {};
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(rest[i]);
  rest.remove_prefix(4);
  return value;
}

// Fields of the public key proper, after the type: how many a certificate carries of them.
int fields_of(const std::string& plain_type) {
  if (plain_type == "ssh-ed25519") return 1;
  if (plain_type == "ssh-rsa" || plain_type == "sk-ssh-ed25519@openssh.com") return 2;
  if (plain_type.starts_with("ecdsa-sha2-")) return 2;
  if (plain_type.starts_with("sk-ecdsa-")) return 3;
  return plain_type == "ssh-dss" ? 4 : 0;
}

}  // namespace

std::string u32(std::size_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string field(std::string_view bytes) {
  return u32(bytes.size()) + std::string(bytes);
}

std::optional<std::string_view> take_field(std::string_view& rest) {
  auto after = rest;
  const auto size = take_number(after);
  if (!size || after.size() < *size) return {};
  rest = after.substr(*size);
  return after.substr(0, *size);
}

std::string blob_type(std::string_view blob) {
  const auto type = take_field(blob);
  return type ? std::string(*type) : "";
}

bool is_certificate(std::string_view blob) {
  return blob_type(blob).ends_with(cert_mark);
}

std::optional<std::string> plain_blob(const std::string& blob) {
  std::string_view rest = blob;
  const auto type = take_field(rest);
  if (!type) return {};
  if (!type->ends_with(cert_mark)) return blob;
  auto plain = std::string(type->substr(0, type->size() - cert_mark.size()));
  if (plain.starts_with("sk-")) plain += "@openssh.com";
  const int count = fields_of(plain);
  if (count == 0 || !take_field(rest)) return {};  // the nonce
  auto out = field(plain);
  for (int i = 0; i < count; ++i) {
    const auto part = take_field(rest);
    if (!part) return {};
    out += field(*part);
  }
  return out;
}

std::optional<std::string> blob_of_public(const std::string& text) {
  std::istringstream words(text);
  std::string type, base64;
  if (!(words >> type >> base64)) return {};
  auto blob = from_base64(base64);
  if (!blob || blob_type(*blob) != type) return {};
  return blob;
}

std::optional<std::string> blob_of_private(const std::string& text) {
  const auto after = [&](const std::string& mark, std::size_t from) {
    const auto at = text.find(mark, from);
    return at == std::string::npos ? at : at + mark.size();
  };
  const auto begin = after("-----BEGIN OPENSSH PRIVATE KEY-----", 0);
  if (begin == std::string::npos) return {};
  std::string base64;
  for (const char c : text.substr(begin, text.find("-----", begin) - begin))
    if (c != '\n' && c != '\r' && c != ' ') base64 += c;
  const auto bytes = from_base64(base64);
  constexpr std::string_view magic("openssh-key-v1\0", 15);
  if (!bytes || !std::string_view(*bytes).starts_with(magic)) return {};
  auto rest = std::string_view(*bytes).substr(magic.size());
  for (int i = 0; i < 3; ++i)  // cipher, derivation, its options
    if (!take_field(rest)) return {};
  const auto count = take_number(rest);
  const auto blob = take_field(rest);
  if (!count || *count != 1 || !blob || blob_type(*blob).empty()) return {};
  return std::string(*blob);
}

std::optional<std::vector<AgentKey>> parse_identities(std::string_view body) {
  auto left = take_number(body);
  if (!left) return {};
  std::vector<AgentKey> keys;
  for (; *left > 0; --*left) {
    const auto blob = take_field(body), comment = take_field(body);
    if (!blob || !comment) return {};
    keys.push_back({std::string(*blob), std::string(*comment)});
  }
  return keys;
}

std::string identities_body(const AgentKey& only) {
  return u32(1) + field(only.blob) + field(only.comment);
}

}  // namespace cctl
