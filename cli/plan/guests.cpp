#include "plan/guests.hpp"

namespace cctl {
namespace {

bool stands_beside(const Container& container, const ObservedContainer& c) {
  return !container.guests_beside.empty() && c.name.ends_with(container.guests_beside);
}

}  // namespace

bool is_guest(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return false;
  const std::string id = name.substr(prefix.size());
  return id.size() > 8 && id.find_first_not_of("0123456789abcdef") >= 8;
}

int running_guests(const Instance& instance, const ObservedHost& host) {
  const auto* container = instance.container();
  if (!container || container->guests.empty()) return 0;
  int out = 0;
  for (const auto& c : host.containers)
    out += c.state == "running" && c.name.starts_with(container->guests) && !stands_beside(*container, c);
  return out;
}

std::vector<const ObservedContainer*> ended_guests(const Desired& desired, const ObservedHost& host) {
  std::vector<const ObservedContainer*> out;
  for (const auto& c : host.containers) {
    const bool ended = c.state == "exited" || c.state == "dead" || c.state == "created";
    if (!ended || !c.get(label::cluster).empty()) continue;
    for (const auto& i : desired.instances)
      if (const auto* own = i.container();
          own && i.host == host.name && !own->guests.empty() && is_guest(c.name, own->guests)) {
        out.push_back(&c);
        break;
      }
  }
  return out;
}

}  // namespace cctl
