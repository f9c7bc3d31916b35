// Names: the hosts' own, and who is asked for others.
#include <algorithm>

#include "check/rules.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

void hostname_resolve(const HostView& host, Verdicts& out) {
  const auto& f = host.facts;
  if (f.resolved.empty())
    return out.bad(fmt::format("its own name \"{}\" does not resolve", f.hostname),
                   "echo " + shell_word(host.host.ip + " " + f.hostname) + " >> /etc/hosts");
  for (const auto& address : f.resolved)
    if (address.starts_with("127."))
      return out.bad(fmt::format("its own name \"{}\" resolves to {}", f.hostname, address),
                     fmt::format("{} {} in /etc/hosts, in the place of {}", host.host.ip, f.hostname, address));
  if (std::none_of(f.resolved.begin(), f.resolved.end(),
                   [&](const std::string& a) { return f.addresses.count(a) > 0; }))
    return out.bad(fmt::format("its own name \"{}\" resolves to {}, which is no address of this machine", f.hostname,
                               f.resolved.front()),
                   "correct /etc/hosts or DNS");
  out.ok(f.hostname + " is " + f.resolved.front());
}

void hostname_unique(const CheckInput& input, Verdicts& out) {
  std::map<std::string, std::string> names;
  for (const auto& [host, facts] : input.facts) names[host] = facts.hostname;
  tell_shared(names, "hostname", "hostnamectl set-hostname NAME on all but one", out);
}

void resolv_conf(const HostView& host, Verdicts& out) {
  const auto& servers = host.facts.nameservers;
  if (servers.size() > 3)
    return out.bad(fmt::format("/etc/resolv.conf names {} servers, of which three are asked", servers.size()),
                   "leave three in it");
  const bool loopback = !servers.empty() && std::all_of(servers.begin(), servers.end(), [](const std::string& s) {
    return s.starts_with("127.") || s == "::1";
  });
  const bool given = host.facts.daemon_json && host.facts.daemon_json->find("\"dns\"") != std::string::npos;
  if (loopback && !given)
    return out.bad("/etc/resolv.conf names only this machine: containers are given a public resolver in its place",
                   "docker: {dns: [ADDRESS]} in the inventory");
  out.ok(servers.empty() ? "no name server" : listed(servers));
}

}  // namespace

void add_name_rules(Rules& rules) {
  rules.each.insert({{"hostname.resolve", {hostname_resolve, {&fact::hostname, &fact::resolved, &fact::addresses}}},
                     {"resolv.conf", {resolv_conf, {&fact::nameservers, &fact::engine_settings}}}});
  rules.across.insert({{"hostname.unique", {hostname_unique, {&fact::hostname}}}});
}

}  // namespace cctl
