#include "model/sysctl.hpp"

#include <algorithm>
#include <cctype>

namespace cctl {
namespace {

char exchanged(char c) {
  return c == '.' ? '/' : c == '/' ? '.' : c;
}

bool is_letter(unsigned char c) {
  return std::isalnum(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ':' || c == '@';
}

// None may be empty, or lead elsewhere in the tree.
bool is_part(const std::string& part) {
  return !part.empty() && part != "." && part != "..";
}

}  // namespace

std::string sysctl_name(const std::string& text) {
  if (text.empty() || text[0] == '-' || !std::all_of(text.begin(), text.end(), is_letter)) return "";
  // What comes first separates.
  const auto first = text.find_first_of("./");
  std::string name = text;
  if (first != std::string::npos && text[first] == '/')
    std::transform(name.begin(), name.end(), name.begin(), exchanged);
  std::string part;
  for (const char c : name + '.') {
    if (c != '.') {
      part += exchanged(c);
    } else if (!is_part(part)) {
      return "";
    } else {
      part.clear();
    }
  }
  return name;
}

std::string sysctl_path(const std::string& name) {
  std::string path = name;
  std::transform(path.begin(), path.end(), path.begin(), exchanged);
  return "/proc/sys/" + path;
}

}  // namespace cctl
