#include "model/observed.hpp"

namespace cctl {

std::string ObservedContainer::get(const char* label_name) const {
  auto found = labels.find(label_name);
  return found == labels.end() ? "" : found->second;
}

std::string why_absent(const ObservedHost& host) {
  return host.name + (host.exit_code == 4 ? " is unreachable" : " cannot be used") +
         (host.error.empty() ? "" : ": " + host.error);
}

}  // namespace cctl
