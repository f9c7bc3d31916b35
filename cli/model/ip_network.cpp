#include "model/ip_network.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace cctl {
namespace {

struct Bytes {
  std::array<unsigned char, 16> bytes{};
  std::size_t size = 0;
};

std::optional<Bytes> bytes_of(const std::string& text) {
  constexpr std::size_t four = 4, sixteen = 16;
  Bytes out;
  if (inet_pton(AF_INET, text.c_str(), out.bytes.data()) == 1) out.size = four;
  if (out.size == 0 && inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) out.size = sixteen;
  return out.size == 0 ? std::nullopt : std::optional(out);
}

}  // namespace

std::string shortest_ip(const std::string& text) {
  auto found = bytes_of(text);
  if (!found) return "";
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool six = found->size > 4,
             is_mapped = six && std::memcmp(found->bytes.data(), mapped.data(), mapped.size()) == 0;
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(six && !is_mapped ? AF_INET6 : AF_INET, found->bytes.data() + (is_mapped ? mapped.size() : 0), out.data(),
            out.size());
  return out.data();
}

bool is_loopback_ip(const std::string& text) {
  const std::string address = shortest_ip(text);
  return address.starts_with("127.") || address == "::1";
}

bool network_holds(const std::string& network, const std::string& address) {
  constexpr unsigned byte = 8;
  const auto slash = network.find('/');
  if (slash == std::string::npos) return false;
  const auto base = bytes_of(network.substr(0, slash)), one = bytes_of(address);
  unsigned bits = 0;
  const char* end = network.data() + network.size();
  const auto [rest, fault] = std::from_chars(network.data() + slash + 1, end, bits);
  if (!base || !one || base->size != one->size || fault != std::errc() || rest != end || bits > base->size * byte)
    return false;
  const std::size_t whole = bits / byte;
  if (std::memcmp(base->bytes.data(), one->bytes.data(), whole) != 0) return false;
  const unsigned left = bits % byte;
  return left == 0 || (base->bytes.at(whole) ^ one->bytes.at(whole)) >> (byte - left) == 0;
}

}  // namespace cctl
