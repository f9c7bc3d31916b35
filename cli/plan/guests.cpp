#include "plan/guests.hpp"

namespace cctl {
namespace {

bool stands_beside(const Instance& instance, const ObservedContainer& c) {
  return !instance.guests_beside.empty() && c.name.ends_with(instance.guests_beside);
}

}  // namespace

bool is_guest(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return false;
  const std::string id = name.substr(prefix.size());
  return id.size() > 8 && id.find_first_not_of("0123456789abcdef") >= 8;
}

int running_guests(const Instance& instance, const ObservedHost& host) {
  if (instance.guests.empty()) return 0;
  int out = 0;
  for (const auto& c : host.containers)
    out += c.state == "running" && c.name.starts_with(instance.guests) && !stands_beside(instance, c);
  return out;
}

std::vector<const ObservedContainer*> ended_guests(const Desired& desired, const ObservedHost& host) {
  std::vector<const ObservedContainer*> out;
  for (const auto& c : host.containers) {
    const bool ended = c.state == "exited" || c.state == "dead" || c.state == "created";
    if (!ended || !c.get(label::cluster).empty()) continue;
    for (const auto& i : desired.instances)
      if (i.host == host.name && !i.guests.empty() && is_guest(c.name, i.guests)) {
        out.push_back(&c);
        break;
      }
  }
  return out;
}

}  // namespace cctl
