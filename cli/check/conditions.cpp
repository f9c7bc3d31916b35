#include "check/conditions.hpp"

#include <sstream>

#include "model/host_number.hpp"

namespace cctl {
namespace {

// "<=" or ">=", or nothing for equality.
std::string comparison(const std::string& condition) {
  return condition.starts_with("<=") || condition.starts_with(">=") ? condition.substr(0, 2) : "";
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
  if (how == "<=") return host_number(value) <= host_number(wanted);
  if (how == ">=") return host_number(value) >= host_number(wanted);
  return words_of(value) == words_of(wanted);
}

}  // namespace cctl
