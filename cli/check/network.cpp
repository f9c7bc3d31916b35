// Ports, addresses, and who reaches whom.
#include <algorithm>

#include "check/conditions.hpp"
#include "check/rules.hpp"
#include "model/host_number.hpp"
#include "plan/engine_words.hpp"
#include "plan/our_containers.hpp"

namespace cctl {
namespace {

// Who would stand in the way of a listener on the host's own address and on loopback. 127.0.0.53 and its like would
// not.
const Socket* holder_of(const HostView& host, int port, bool udp) {
  for (const auto& s : host.facts.sockets)
    if (s.port == port && s.udp == udp && (s.address == "*" || s.address == host.host.ip || s.address == "127.0.0.1"))
      return &s;
  return nullptr;
}

// Its own container, or one of ours that this cluster no longer wants and that a plan removes.
bool makes_room_for(const ObservedContainer& c, const HostView& host, const Instance& instance) {
  const std::string name = c.get(label::component);
  return is_ours(c, host.all.desired.cluster) &&
         (name == instance.component || !host.all.desired.find(host.host.name, name));
}

bool held_by_ours(const HostView& host, const Instance& instance) {
  return std::any_of(host.observed.containers.begin(), host.observed.containers.end(), [&](const ObservedContainer& c) {
    return (c.state == "running" || c.state == "paused") && makes_room_for(c, host, instance);
  });
}

bool on_host(const Instance& instance) {
  const auto* container = instance.container();
  return container && container->spec.network == "host";
}

// An engine that starts tells of its containers one by one, and a look at them is older than the look at the ports: a
// program in a container that is not told of, or the engine's own proxy for one of ours that is not told to run, may be
// ours as well as anybody's.
enum class Whose { ours, unknown, stranger };
Whose whose(const HostView& host, const Instance& instance, const Socket& socket) {
  const auto& all = host.observed.containers;
  const auto& sockets = host.facts.sockets;
  // That a container of ours runs proves nothing where the host tells which program in which container holds the port.
  const bool tells = std::any_of(sockets.begin(), sockets.end(), [](const Socket& s) { return !s.container.empty(); });
  const bool seen = tells && !socket.holder.empty() && socket.holder != "docker-proxy";
  if (!seen && held_by_ours(host, instance)) return Whose::ours;
  const auto is_its = [&](const ObservedContainer& c) { return makes_room_for(c, host, instance); };
  if (socket.container.empty()) {
    const bool unasked = !why_unasked(host.observed).empty();
    const bool proxied = socket.holder == "docker-proxy" && std::any_of(all.begin(), all.end(), is_its);
    // Who may not ask the engine is mostly not told of others' programs either.
    const bool untold = unasked && (socket.holder.empty() || socket.holder == "docker-proxy");
    return proxied || untold ? Whose::unknown : Whose::stranger;
  }
  const auto in = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == socket.container; });
  return in == all.end() ? Whose::unknown : is_its(*in) ? Whose::ours : Whose::stranger;
}

void tell_port(const HostView& host, const Instance& i, const std::string& name, int port, bool udp, Verdicts& out) {
  const Socket* taken = holder_of(host, port, udp);
  if (!taken) return;
  const Whose holder = whose(host, i, *taken);
  if (holder == Whose::ours) return;
  if (holder == Whose::unknown)
    return out.skip(why_unasked(host.observed).empty()
                        ? fmt::format("port {} is held by a container that the engine does not tell of yet", port)
                        : fmt::format("port {} is held, and whether by a container of ours is not known: {}", port,
                                      why_unasked(host.observed)));
  const std::string who = taken->holder.empty() ? "something else" : taken->holder;
  out.bad(
      fmt::format("{}port {}, which {} needs for {}, is held by {}", udp ? "UDP " : "", port, i.component, name, who),
      fmt::format("ss -l{}np sport = :{} finds it; components: {{{}: {{ports: {{{}: ...}}}}}} takes another",
                  udp ? "u" : "t", port, i.component, name));
}

void ports_free(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  std::map<int, const Instance*> wanted;
  for (const auto* i : host.instances) {
    if (!on_host(*i)) continue;
    for (const auto& [name, port] : i->ports) {
      tell_port(host, *i, name, port, false, out);
      if (const auto [other, fresh] = wanted.emplace(port, i); !fresh && other->second != i)
        out.bad(fmt::format("port {} is wanted by {} and by {}", port, other->second->component, i->component),
                fmt::format("components: {{{}: {{ports: {{{}: ...}}}}}} in the inventory", i->component, name));
    }
  }
  if (out.said() == said && !wanted.empty()) out.ok(fmt::format("{} ports", wanted.size()));
}

// Arguments: name of the port -> its number.
void ports_udp(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  const auto all = host.asked("ports.udp");
  for (const auto& asked : all)
    for (const auto& [name, port] : *asked.arguments)
      if (on_host(*asked.instance))
        tell_port(host, *asked.instance, name, static_cast<int>(asked.number(name)), true, out);
  if (out.said() == said && !all.empty()) out.ok("free");
}

void ports_range(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("ports.range")) {
    const auto now = host.facts.sysctls.find("net.ipv4.ip_local_port_range");
    const auto range = now == host.facts.sysctls.end() ? std::vector<std::string>{} : words_of(now->second);
    if (range.size() != 2) return out.skip("the kernel does not say which ports connections leave by");
    const auto first = host_number(range[0]), last = host_number(range[1]);
    if (first < 1 || last > 65535 || first > last)
      return out.skip(fmt::format("\"{}\" are no ports that connections leave by", now->second.substr(0, 40)));
    const auto from = asked.number("first"), to = asked.number("last");
    if (first <= to && from <= last)
      out.bad(fmt::format("connections leave by ports {} to {}, and {} offers {} to {} to tasks", first, last,
                          asked.instance->component, from, to),
              fmt::format("sysctl net.ipv4.ip_local_port_range=\"{} {}\"", std::max(first, to + 1),
                          std::max(last, to + 1)));
    else
      out.ok(fmt::format("tasks {} to {}, connections {} to {}", from, to, first, last));
  }
}

void ip_local(const HostView& host, Verdicts& out) {
  if (!ipv4(host.host.ip)) return out.skip(host.host.ip + " is no IPv4 address");
  if (host.facts.addresses.count(host.host.ip)) return out.ok(host.host.ip);
  out.bad(host.host.ip + ", which components are to bind, is no address of this machine",
          "give the host its own: ip: ... beside address: in the inventory");
}

// Who says that he has another's address may say so falsely: he fails, the other is warned.
void ip_unique(const CheckInput& input, Verdicts& out) {
  const std::string next = "ip -4 addr on both";
  bool good = true;
  for (const auto& host : input.desired.hosts)
    for (const auto& [other, facts] : input.facts) {
      if (other == host.name || !input.facts.count(host.name) || !facts.addresses.count(host.ip)) continue;
      good = false;
      out.of(other).bad(fmt::format("{}, the ip of {}, is an address of {}, too", host.ip, host.name, other), next);
      out.of(host.name).warn(fmt::format("{} is an address of {}, too, as that one says", host.ip, other), next);
    }
  if (good && input.facts.size() > 1)
    out.ok(fmt::format("{} hosts, each with an address of its own", input.facts.size()));
}

void net_mesh(const CheckInput& input, Verdicts& out) {
  std::map<std::string, int> silent;  // hosts that could not be asked -> questions about them
  for (const auto& [host, facts] : input.facts) {
    int reached = 0, later = 0;
    Verdicts here = out.of(host);
    const auto said = here.said();
    const auto unasked =
        std::find_if(facts.reached.begin(), facts.reached.end(), [](const auto& r) { return !r.asked; });
    if (unasked != facts.reached.end()) {
      here.skip("cannot be asked whom it reaches: " + unasked->seen);
      continue;
    }
    for (const auto& r : facts.reached) {
      const auto to = input.facts.find(r.to);
      // A host that could not be asked may be off as well: that is no firewall's doing.
      if (!r.answered && to == input.facts.end()) {
        ++silent[r.to];
        continue;
      }
      const bool listens = to != input.facts.end() &&
                           std::any_of(to->second.sockets.begin(), to->second.sockets.end(), [&](const Socket& s) {
                             return !s.udp && s.port == r.port && !s.address.starts_with("127.");
                           });
      const bool refused = r.seen.find("refused") != std::string::npos;
      if (r.answered) {
        ++reached;
      } else if (refused && !listens) {
        ++later;  // the way is open, and nobody is there yet
      } else {
        const std::string text =
            fmt::format("does not reach {} of {} on {}: {}", r.port_name, r.component, r.to, r.seen);
        const std::string next = fmt::format("let TCP port {} from {} through the firewall of {}", r.port, host, r.to);
        r.back ? here.warn(text, next) : here.bad(text, next);
      }
    }
    if (here.said() != said || facts.reached.empty()) continue;
    here.ok(fmt::format("reaches {} ports of others{}", reached,
                        later ? fmt::format(", {} are not yet listening", later) : ""));
  }
  for (const auto& [host, count] : silent)
    out.of(host).skip(fmt::format("could not be asked itself, so that nothing is said of {} ways to it", count));
}

void net_mtu(const CheckInput& input, Verdicts& out) {
  std::map<int, std::vector<std::string>> hosts;
  for (const auto& host : input.desired.hosts) {
    const auto facts = input.facts.find(host.name);
    const auto ip = ipv4(host.ip);
    if (facts == input.facts.end() || !ip) continue;
    for (const auto& route : facts->second.routes) {
      if (!route.direct || route.mask == 0 || (*ip & route.mask) != route.network) continue;
      for (const auto& link : facts->second.links)
        if (link.name == route.interface) hosts[link.mtu].push_back(host.name);
      break;
    }
  }
  if (hosts.size() < 2) {
    if (!hosts.empty()) out.ok(std::to_string(hosts.begin()->first) + " everywhere");
    return;
  }
  std::vector<std::string> words;
  for (const auto& [mtu, names] : hosts) words.push_back(fmt::format("{} on {}", mtu, listed(names)));
  out.bad("MTUs differ: " + listed(words), "ip link set dev INTERFACE mtu N: large packets get lost between them");
}

void firewall(const HostView& host, Verdicts& out) {
  const auto& rules = host.facts.forward_rules;
  const bool chains =
      std::any_of(rules.begin(), rules.end(), [](const std::string& r) { return r.find("DOCKER") != r.npos; });
  const bool no_iptables =
      std::count(host.facts.docker_flags.begin(), host.facts.docker_flags.end(), "--iptables=false") > 0;
  if (host.facts.docker_runs && !rules.empty() && !chains && !no_iptables)
    return out.bad("Docker's rules are gone from iptables: published ports are dead",
                   "restart the engine: a firewall was reloaded after it had started");
  if (host.facts.programs.count("firewalld"))
    return out.warn("firewalld runs: it has to let the ports of the components in",
                    "firewall-cmd --list-ports; a reload of it asks for a restart of the engine");
  out.ok(rules.empty() ? "no iptables" : "Docker's rules are in place");
}

}  // namespace

void add_network_rules(Rules& rules) {
  rules.each.insert({{"ports.free", {ports_free, {&fact::sockets}}},
                     {"ports.udp", {ports_udp, {&fact::sockets}}},
                     {"ports.range", {ports_range, {&fact::sysctls}}},
                     {"ip.local", {ip_local, {&fact::addresses}}},
                     {"firewall.backend", {firewall, {&fact::forward_rules, &fact::programs, &fact::engine}}}});
  rules.across.insert({{"ip.unique", {ip_unique, {&fact::addresses}}},
                       {"net.mesh", {net_mesh, {&fact::sockets}}},
                       {"net.mtu", {net_mtu, {&fact::routes, &fact::links}}}});
}

}  // namespace cctl
