// A component's version and ranges over versions. Versions are text ("9.10" is not "9.1"): numeric parts compare
// as numbers, a suffix after the numbers compares as text and sorts before the plain version when it is a pre-release.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

struct Version {
  std::string text;         // as the person wrote it, without a leading "v"
  std::vector<long> parts;  // 0.28.1 -> {0, 28, 1}
  std::string suffix;       // "-rc1", "-2.0.20.ubuntu1404", ""

  // Empty when the text does not start with a number.
  static std::optional<Version> parse(std::string_view text);
  bool pre_release() const;
};

// Missing parts count as zero: 3.5 equals 3.5.0.
std::strong_ordering compare(const Version& a, const Version& b);
inline bool operator<(const Version& a, const Version& b) {
  return std::is_lt(compare(a, b));
}

// A conjunction such as ">=1.0 <1.8", "<0.22" or "1.2.0".
struct VersionRange {
  struct Bound {
    std::string op;  // < <= > >= =
    Version version;
  };
  std::vector<Bound> bounds;

  static std::optional<VersionRange> parse(std::string_view text);
  bool contains(const Version& v) const;
};

}  // namespace cctl
