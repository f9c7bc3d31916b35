// Virtual addresses: where they can be, and that nobody else has them.
#include <algorithm>

#include "check/rules.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

// Networks of containers are nobody's neighbourhood.
bool of_containers(const std::string& interface) {
  return interface.starts_with("docker") || interface.starts_with("br-") || interface.starts_with("veth") ||
         interface == "lo";
}

std::string network_text(const Route& r) {
  const auto part = [&](int shift) { return r.network >> shift & 255; };
  int bits = 0;
  for (unsigned mask = r.mask; mask; mask <<= 1) ++bits;
  return fmt::format("{}.{}.{}.{}/{}", part(24), part(16), part(8), part(0), bits);
}

void vip_network(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("vip.network")) {
    const std::string& vip = asked.text("address");
    const auto number = ipv4(vip);
    if (!number) {
      out.bad(fmt::format("the virtual address \"{}\" of {} is no IPv4 address", vip, asked.instance->component),
              "192.168.2.90/24 is one");
      continue;
    }
    std::vector<std::string> networks;
    bool inside = false;
    for (const auto& r : host.facts.routes) {
      if (!r.direct || r.mask == 0 || of_containers(r.interface)) continue;
      networks.push_back(network_text(r));
      inside = inside || (*number & r.mask) == r.network;
    }
    if (inside)
      out.ok(vip);
    else
      out.bad(fmt::format("the virtual address {} of {} lies in no network of this host: {}", vip,
                          asked.instance->component, networks.empty() ? "it has none" : listed(networks)),
              "choose an address in the network that all of them share");
  }
}

// Another load balancer of ours may hold it.
bool ours(const CheckInput& input, const std::string& address, const std::string& mac) {
  for (const auto& [host, facts] : input.facts) {
    if (facts.addresses.count(address)) return true;
    for (const auto& link : facts.links)
      if (!mac.empty() && link.mac == mac) return true;
  }
  return false;
}

void vip_free(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("vip.free")) {
    const std::string& vip = asked.text("address");
    const std::string address = vip.substr(0, vip.find('/'));
    const auto who = host.facts.neighbours.find(address);
    const std::string mac = who == host.facts.neighbours.end() ? "" : who->second;
    for (const auto& other : host.all.desired.hosts)
      if (other.ip == address || other.address == address)
        return out.bad(fmt::format("the virtual address {} is the own address of {}", address, other.name),
                       "choose one that no machine has");
    if (ours(host.all, address, mac)) return out.ok("held by a host of this cluster");
    if (mac.empty())
      out.ok("nobody answers at " + address);
    else
      out.bad(fmt::format("{} is taken: {} answers there, which is no host of this cluster", address, mac),
              "choose another, or find the machine with: " + shell_line({"ip", "neigh", "show", address}));
  }
}

void vrid_unique(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("vrid.unique")) {
    const std::string& id = asked.text("id");
    if (!host.facts.vrrp) return out.skip("there is neither perl nor tcpdump to listen with");
    for (const auto& line : *host.facts.vrrp) {
      const auto end = line.find(' ');
      if (end == std::string::npos || line.substr(end + 1) != id) continue;
      const std::string speaker = line.substr(0, end);
      const bool one_of_us = std::any_of(host.all.facts.begin(), host.all.facts.end(),
                                         [&](const auto& f) { return f.second.addresses.count(speaker) > 0; });
      if (one_of_us) continue;
      return out.bad(
          fmt::format("{} speaks VRRP with router id {}, which {} is to use", speaker, id, asked.instance->component),
          fmt::format("components: {{{}: {{vars: {{virtual_router_id: ...}}}}}}", asked.instance->component));
    }
    out.ok("nobody else uses " + id);
  }
}

}  // namespace

void add_balancer_rules(Rules& rules) {
  rules.each.insert({{"vip.network", {vip_network, {&fact::routes}}},
                     {"vip.free", {vip_free, {&fact::neighbours, &fact::addresses, &fact::links}}},
                     {"vrid.unique", {vrid_unique, {&fact::addresses}}}});
}

}  // namespace cctl
