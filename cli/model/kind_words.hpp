// What the kinds of values (var_kind.hpp) are told by. Pure.
#pragma once
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace cctl::kind {

// As programs read it: "010" is octal to some, and no JSON.
inline std::optional<long long> whole(const std::string& text) {
  long long value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || (text.size() > 1 && text[0] == '0')) return {};
  return value;
}

inline bool fits(const std::string& text, const char* form) {
  return RE2::FullMatch(text, RE2(form, RE2::Latin1));
}

inline bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

inline std::string when(bool wrong, const std::string& what) {
  return wrong ? what : "";
}

}  // namespace cctl::kind
