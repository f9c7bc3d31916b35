// IPv4 addresses as numbers.
#pragma once
#include <optional>
#include <string>

namespace cctl {

// "10.0.0.5", with or without "/24", as a number; empty when it is none.
std::optional<unsigned> ipv4(const std::string& text);

// 127.0.0.0/8.
constexpr bool is_loopback(unsigned address) {
  return address >> 24 == 127;
}

}  // namespace cctl
