// Numbers out of what a host printed: a host may claim anything, and no claim overflows what is reckoned from it.
// Any thread.
#pragma once
#include <charconv>
#include <limits>
#include <string_view>

namespace cctl {

// The whole number that the text begins with: 0 where there is none, the largest (or smallest) where it is beyond.
inline long long host_number(std::string_view text, int base = 10) {
  using Limits = std::numeric_limits<long long>;
  long long value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (fault == std::errc::result_out_of_range) return text.starts_with('-') ? Limits::min() : Limits::max();
  return value;
}

// Bytes of so many blocks: no fewer than none, the largest number where they are more.
inline long long in_bytes(long long blocks, long long block) {
  if (blocks <= 0 || block <= 0) return 0;
  return blocks > std::numeric_limits<long long>::max() / block ? std::numeric_limits<long long>::max()
                                                                : blocks * block;
}

}  // namespace cctl
