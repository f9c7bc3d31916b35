#include "sandbox/guard.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <set>

#include "sandbox/docker.hpp"

namespace cctl {
namespace {

// Only what begins here is looked at: answers to the nodes go out.
std::string jump(const std::string& chain, const std::string& to) {
  return fmt::format("iptables -w -I OUTPUT {} -m conntrack --ctstate NEW -j {}\n", to, chain);
}

std::string without_jumps(const std::string& chain) {
  return fmt::format(
      "iptables -w -S OUTPUT | sed -n 's/^-A \\(.* -j {0}\\)$/-D \\1/p' | while read -r rule; do iptables -w $rule; "
      "done\n",
      chain);
}

// By a container in the machine's own network: whoever may use the engine may do that, root or not.
ProgramResult on_machine(const std::string& node_image, const std::string& script) {
  return try_docker(
      {"run", "--rm", "--network", "host", "--cap-add", "NET_ADMIN", "--entrypoint", "sh", node_image, "-ec", script});
}

std::vector<unsigned> ourselves() {
  std::set<unsigned> users = {::geteuid()};
  if (const char* before_sudo = std::getenv("SUDO_UID")) {
    const std::string text = before_sudo;
    unsigned user = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), user);
    if (error == std::errc() && end == text.data() + text.size()) users.insert(user);
  }
  users.erase(0);
  return {users.begin(), users.end()};
}

}  // namespace

std::string guard_script(const std::string& chain, const Guarded& guarded) {
  std::string out = fmt::format("iptables -w -N {0} 2>/dev/null || iptables -w -F {0}\n", chain);
  out += fmt::format("iptables -w -A {} -m owner --uid-owner 0 -j RETURN\n", chain);
  for (const unsigned user : guarded.users)
    out += fmt::format("iptables -w -A {} -m owner --uid-owner {} -j RETURN\n", chain, user);
  out += fmt::format("iptables -w -A {} -p tcp -j REJECT --reject-with tcp-reset\n", chain);
  out += fmt::format("iptables -w -A {} -j REJECT\n", chain);
  out += without_jumps(chain);
  for (const std::string& subnet : guarded.subnets) out += jump(chain, "-d " + subnet);
  if (const auto colon = guarded.published.rfind(':'); colon != std::string::npos)
    out += jump(chain, fmt::format("-d {} -p tcp --dport {}", guarded.published.substr(0, colon),
                                   guarded.published.substr(colon + 1)));
  return out;
}

std::string unguard_script(const std::string& chain) {
  return without_jumps(chain) + fmt::format("if iptables -w -F {0} 2>/dev/null; then iptables -w -X {0}; fi\n", chain);
}

void guard(const Layout& layout, const std::string& node_image, const Say& say) {
  Guarded guarded;
  guarded.users = ourselves();
  for (const LocalNetwork& network : networks())
    if (network.name == layout.network() || network.name == layout.push_network())
      guarded.subnets.push_back(network.subnet);
  if (layout.images == "recipes") guarded.published = push_address(layout);
  const ProgramResult result = on_machine(node_image, guard_script(layout.guard_chain(), guarded));
  if (result.status == 0) return;
  say("every user of this machine reaches the sandbox, and may become root by it: " +
      result.err.substr(0, result.err.find('\n')));
}

void unguard(const Layout& layout, const std::string& node_image) {
  on_machine(node_image, unguard_script(layout.guard_chain()));
}

}  // namespace cctl
