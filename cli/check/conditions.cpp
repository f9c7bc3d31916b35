#include "check/conditions.hpp"

#include <charconv>
#include <sstream>

namespace cctl {
namespace {

// "<=" or ">=", or nothing for equality.
std::string comparison(const std::string& condition) {
  return condition.starts_with("<=") || condition.starts_with(">=") ? condition.substr(0, 2) : "";
}

long long number(const std::string& text) {
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::string value_of(const std::string& condition) {
  return condition.substr(comparison(condition).size());
}

bool holds(const std::string& value, const std::string& condition) {
  const std::string how = comparison(condition), wanted = value_of(condition);
  if (how == "<=") return number(value) <= number(wanted);
  if (how == ">=") return number(value) >= number(wanted);
  return words_of(value) == words_of(wanted);
}

}  // namespace cctl
