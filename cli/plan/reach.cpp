#include "plan/reach.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "model/flag_variable.hpp"
#include "model/ip_network.hpp"
#include "model/var_kind.hpp"
#include "plan/given.hpp"
#include "plan/scope.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

class Networks {
 public:
  Networks(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), mistakes_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const auto* container = i.container();
      if (!container) continue;
      const std::string& network = container->spec.network;
      if (network != "none" && network != "bridge" && network != "default") continue;
      const auto& playbook = sources_.playbooks.at(i.component);
      if (const std::string why = why_unreachable(playbook, i, container->spec); !why.empty())
        tell(playbook, i, network, why);
    }
  }

 private:
  std::string why_unreachable(const Playbook& playbook, const Instance& i, const ContainerSpec& spec) const {
    for (const auto& probe : i.probes)
      if (probe.port > 0 && probe.address == i.ip && (spec.network == "none" || !publishes(spec, probe.port)))
        return "port " + std::to_string(probe.port) +
               " is asked for at the host's address, where nothing of it listens then";
    if (!playbook.protocols.empty()) return "it speaks " + playbook.protocols.front() + " with the other hosts";
    for (const auto& other : desired_.instances)
      for (const auto& [name, number] : other.ports) {
        const std::string at = "127.0.0.1:" + std::to_string(number);
        if (other.host == i.host && other.component != i.component && says(spec, at))
          return "it asks " + other.component + " at " + at + " of the host, and 127.0.0.1 is its own then";
      }
    return "";
  }

  // "2181:2181", "10.0.0.1:53:53/udp"
  static bool publishes(const ContainerSpec& spec, int number) {
    const std::string port = std::to_string(number);
    return std::any_of(spec.publish.begin(), spec.publish.end(), [&](const std::string& text) {
      return text.starts_with(port + ":") || text.find(":" + port + ":") != text.npos;
    });
  }

  // As a whole word: 127.0.0.1:85 is not in 127.0.0.1:8500.
  static bool says(const ContainerSpec& spec, const std::string& at) {
    const auto in = [&](const std::string& text) {
      const auto found = text.find(at);
      return found != text.npos &&
             (found + at.size() == text.size() || !std::isdigit(static_cast<unsigned char>(text[found + at.size()])));
    };
    return std::any_of(spec.args.begin(), spec.args.end(), in) ||
           std::any_of(spec.env.begin(), spec.env.end(), [&](const auto& pair) { return in(pair.second); });
  }

  void tell(const Playbook& playbook, const Instance& i, const std::string& network, const std::string& why) {
    Mark mark = where_of(sources_.inventory, playbook);
    for (const auto* o : overrides_of(sources_, playbook, *sources_.inventory.find(i.host)))
      if (o->container.network) mark = o->mark;
    if (told_.emplace(mark.line, mark.column).second)
      mistakes_.push_back({mark,
                           i.component + " cannot have network \"" + network + "\": " + why +
                               "; take container: {network: " + network + "} away",
                           false});
  }

  const Sources& sources_;
  const Desired& desired_;
  std::vector<Mistake>& mistakes_;
  std::set<std::pair<int, int>> told_;
};

class OwnAddresses {
 public:
  OwnAddresses(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), mistakes_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const auto found = sources_.playbooks.find(i.component);
      if (found == sources_.playbooks.end()) continue;
      for (const auto& [name, kind] : found->second.var_kinds)
        if (name.starts_with(prefix_) && (is_own_address(kind) || is_own_name(kind)))
          one(found->second, i, name.substr(prefix_.size()), kind);
    }
  }

 private:
  void one(const Playbook& playbook, const Instance& i, const std::string& name, const std::string& kind) {
    const auto overrides = overrides_of(sources_, playbook, *sources_.inventory.find(i.host));
    const Given given = given_of(playbook, i, overrides, name);
    const std::string address = shortest_ip(given.value);
    const bool none =
        is_own_name(kind) ? given.value.empty() : address.empty() || address == "0.0.0.0" || address == "::";
    if (given.mark.line == 0 || none) return;
    const std::string said = name + " \"" + given.value + "\" of " + i.component;
    if (is_loopback_ip(given.value) || given.value == "localhost") {
      if (!is_loopback_ip(i.ip) && desired_.of(i.component).size() > 1)
        tell(given.mark,
             said + " is every host's own loopback: nobody reaches " + i.component + " on " + i.host + " there");
      return;
    }
    const auto with = words_of_kind(kind);
    const std::string port = with.empty() ? "" : given_of(playbook, i, overrides, with.front()).value;
    const auto [first, fresh] = first_.emplace(std::tuple(i.component, name, given.value + ":" + port), i.host);
    if (!fresh)
      tell(given.mark, said + " is one machine's, and is given to " + first->second + " and " + i.host + ": " +
                           (is_own_name(kind) ? "whoever asks for the one would find the other"
                                              : "it would fail on all the others") +
                           "; say it beside each host, or take it away");
  }

  void tell(const Mark& mark, const std::string& text) {
    if (told_.emplace(mark.line, mark.column).second) mistakes_.push_back({mark, text, false});
  }

  const Sources& sources_;
  const Desired& desired_;
  std::vector<Mistake>& mistakes_;
  const std::string prefix_ = flag_kind_of("");
  std::map<std::tuple<std::string, std::string, std::string>, std::string> first_;
  std::set<std::pair<int, int>> told_;
};

}  // namespace

void check_networks(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  Networks(sources, desired, mistakes).run();
}

void check_own_addresses(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  OwnAddresses(sources, desired, mistakes).run();
}

}  // namespace cctl
