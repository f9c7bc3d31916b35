#include "model/flag_variable.hpp"

#include <cctype>

namespace cctl {

std::string flag_variable(const std::string& prefix, const std::string& flag) {
  std::string out = prefix;
  for (char c : flag)
    out += c == '-' || c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string flag_kind_of(const std::string& flag) {
  return "--" + flag;
}

}  // namespace cctl
