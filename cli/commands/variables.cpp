#include "commands/variables.hpp"

#include <unistd.h>

#include <algorithm>

#include "model/mistake.hpp"

namespace cctl {

std::vector<std::string> environment_names() {
  std::vector<std::string> out;
  for (char** one = environ; one && *one; ++one) {
    const std::string text = *one;
    out.push_back(text.substr(0, text.find('=')));
  }
  return out;
}

std::vector<std::string> unread_variables(const std::vector<std::string>& set, const std::vector<std::string>& read) {
  std::vector<std::string> out;
  for (const std::string& name : set)
    if (name.starts_with("CLUSTERCTL_") && std::find(read.begin(), read.end(), name) == read.end())
      out.push_back("nothing reads " + name + did_you_mean(name, read));
  return out;
}

}  // namespace cctl
