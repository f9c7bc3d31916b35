#include "model/version.hpp"

#include <algorithm>
#include <cctype>

namespace cctl {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A version becomes the tag of an image, so only what a tag may hold.
bool is_tag_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

constexpr std::size_t longest_version = 120;
constexpr std::size_t longest_number = 9;

// Digits at the start, taken off; empty when there are none or too many.
std::optional<long> take_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  if (length == 0 || length > longest_number) return {};
  const long number = std::stol(std::string(text.substr(0, length)));
  text.remove_prefix(length);
  return number;
}

// Runs of digits compare as numbers, so that rc10 comes after rc2.
std::strong_ordering compare_suffixes(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    std::string_view rest_a = a, rest_b = b;
    const auto number_a = take_number(rest_a), number_b = take_number(rest_b);
    if (number_a && number_b) {
      if (*number_a != *number_b) return *number_a <=> *number_b;
      a = rest_a;
      b = rest_b;
      continue;
    }
    if (a[0] != b[0]) return a[0] <=> b[0];
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (text.empty() || text.size() > longest_version || !std::all_of(text.begin(), text.end(), is_tag_character))
    return {};
  Version version;
  version.text = text;
  while (true) {
    const auto number = take_number(text);
    if (!number) return {};
    version.parts.push_back(*number);
    if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) break;
    text.remove_prefix(1);
  }
  if (text == "." || text == "-" || text == "_") return {};
  version.suffix = text;
  return version;
}

bool Version::pre_release() const {
  std::string word;
  for (char c : suffix) {
    if (std::isalpha(static_cast<unsigned char>(c)))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!word.empty())
      break;
    else if (c != '-' && c != '.' && c != '_')
      return false;
  }
  const auto words = {"rc", "alpha", "beta", "pre", "preview", "dev", "snapshot", "m", "a", "b"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::strong_ordering compare(const Version& a, const Version& b) {
  const auto part = [](const Version& v, std::size_t i) { return i < v.parts.size() ? v.parts[i] : 0; };
  for (std::size_t i = 0; i < std::max(a.parts.size(), b.parts.size()); ++i)
    if (part(a, i) != part(b, i)) return part(a, i) <=> part(b, i);
  // A pre-release, then the plain version, then the packagings of it.
  const auto rank = [](const Version& v) { return v.suffix.empty() ? 1 : v.pre_release() ? 0 : 2; };
  if (rank(a) != rank(b)) return rank(a) <=> rank(b);
  return compare_suffixes(a.suffix, b.suffix);
}

std::optional<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange range;
  while (true) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.empty()) break;
    Bound bound{"=", {}};
    for (const char* op : {"<=", ">=", "<", ">", "="})
      if (text.starts_with(op)) {
        bound.op = op;
        text.remove_prefix(bound.op.size());
        break;
      }
    const std::string_view word = text.substr(0, text.find(' '));
    const auto version = Version::parse(word);
    if (!version) return {};
    bound.version = *version;
    range.bounds.push_back(bound);
    text.remove_prefix(word.size());
  }
  if (range.bounds.empty()) return {};
  return range;
}

bool VersionRange::contains(const Version& version) const {
  return std::all_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
    // 0.22.1-1.0.ubuntu1404 is a packaging of 0.22.1: "<=0.22.1" means it, too.
    Version v = version;
    if (bound.version.suffix.empty() && !v.pre_release()) v.suffix.clear();
    const auto order = compare(v, bound.version);
    if (bound.op == "<") return order < 0;
    if (bound.op == "<=") return order <= 0;
    if (bound.op == ">") return order > 0;
    if (bound.op == ">=") return order >= 0;
    return order == 0;
  });
}

}  // namespace cctl
