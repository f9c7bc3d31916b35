#include "sandbox/guard.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <set>

#include "sandbox/docker.hpp"

namespace cctl {
namespace {

// Only what was begun here is looked at, each packet of it: a connection that is older than the rules ends. Answers to
// the nodes go out.
std::string jump(const std::string& chain, const std::string& to) {
  return fmt::format("echo '-I OUTPUT {} -m conntrack --ctdir ORIGINAL -j {}'\n", to, chain);
}

// Lines of iptables-restore.
std::string no_jumps(const std::string& chain) {
  return fmt::format("iptables -w -S OUTPUT | sed -n 's/^-A \\(.* -j {0}\\)$/-D \\1/p'\n", chain);
}

// All at once: at no moment are there no rules.
std::string at_once(const std::string& lines) {
  return "{\necho '*filter'\n" + lines + "echo COMMIT\n} | iptables-restore -w --noflush\n";
}

std::string rule(const std::string& chain, const std::string& what) {
  return fmt::format("echo '-A {} {}'\n", chain, what);
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
  std::string out = fmt::format("echo ':{} - [0:0]'\n", chain);
  out += rule(chain, "-m owner --uid-owner 0 -j RETURN");
  for (const unsigned user : guarded.users) out += rule(chain, fmt::format("-m owner --uid-owner {} -j RETURN", user));
  // What a socket that is closed already has left to say has no owner any more.
  out += rule(chain, "-m owner ! --socket-exists -m conntrack --ctstate ESTABLISHED -j RETURN");
  out += rule(chain, "-p tcp -j REJECT --reject-with tcp-reset");
  out += rule(chain, "-j REJECT");
  out += no_jumps(chain);
  for (const std::string& subnet : guarded.subnets) out += jump(chain, "-d " + subnet);
  if (const auto colon = guarded.published.rfind(':'); colon != std::string::npos)
    out += jump(chain, fmt::format("-d {} -p tcp --dport {}", guarded.published.substr(0, colon),
                                   guarded.published.substr(colon + 1)));
  return at_once(out);
}

std::string unguard_script(const std::string& chain) {
  return fmt::format("iptables -w -S {0} >/dev/null 2>&1 || exit 0\n", chain) +
         at_once(fmt::format("echo ':{} - [0:0]'\n", chain) + no_jumps(chain)) +
         fmt::format("iptables -w -X {}\n", chain);
}

void guard(const Layout& layout, const std::string& node_image, const std::string& published, const Say& say) {
  Guarded guarded;
  guarded.users = ourselves();
  for (const LocalNetwork& network : networks())
    if (network.name == layout.network() || network.name == layout.push_network())
      guarded.subnets.push_back(network.subnet);
  guarded.published = published;
  const ProgramResult result = on_machine(node_image, guard_script(layout.guard_chain(), guarded));
  if (result.status == 0) return;
  say("every user of this machine reaches the sandbox, and may become root by it: " +
      result.err.substr(0, result.err.find('\n')));
}

void unguard(const Layout& layout, const std::string& node_image) {
  on_machine(node_image, unguard_script(layout.guard_chain()));
}

}  // namespace cctl
