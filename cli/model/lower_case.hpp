// ASCII letters in lower case, as names of hosts and of HTTP headers are compared. Any thread.
#pragma once
#include <cctype>
#include <string>

namespace cctl {

inline std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace cctl
