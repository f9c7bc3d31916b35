// A text as one part of an address, whatever it holds. Pure.
#pragma once
#include <string>

namespace cctl {

inline std::string percent_encoded(const std::string& text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (plain || c == '-' || c == '_' || c == '.' || c == '~')
      out += static_cast<char>(c);
    else
      out = out + '%' + hex[c >> 4] + hex[c & 15];
  }
  return out;
}

}  // namespace cctl
