#include "model/observed.hpp"

namespace cctl {

std::string ObservedContainer::get(const char* label_name) const {
  auto found = labels.find(label_name);
  return found == labels.end() ? "" : found->second;
}

std::string why_absent(const ObservedHost& host) {
  return told_absent(host.absence, host.name, host.error);
}

}  // namespace cctl
