#include "apply/hosts.hpp"

#include "apply/log.hpp"
#include "apply/parallel.hpp"

namespace cctl {

HostDoor* Hosts::door(const std::string& host) const {
  const auto found = doors_.find(host);
  return found == doors_.end() ? nullptr : found->second.get();
}

HostDoor& Hosts::at(const std::string& host) const {
  if (HostDoor* found = door(host)) return *found;
  const auto why = errors_.find(host);
  throw Unreachable(host + " is not connected" + (why == errors_.end() ? "" : std::string(": ") + why->second.what()));
}

Task<Hosts> connect_all(Network& network, const std::vector<Host>& hosts, ConnectLimits limits) {
  Hosts out;
  const std::function<Task<void>(std::size_t)> login = [&](std::size_t i) -> Task<void> {
    Host host = hosts[i];
    try {
      auto door = co_await network.connect(std::move(host), limits.timeout);
      out.connected(hosts[i].name, std::move(door));
    } catch (const Error& e) {
      log_line(hosts[i].name, std::string("not connected: ") + e.what());
      out.failed(hosts[i].name, e);
    }
  };
  co_await for_all(hosts.size(), limits.at_once, login);
  co_return out;
}

}  // namespace cctl
