#include "sandbox/guard.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <set>

#include "sandbox/docker.hpp"

namespace cctl {
namespace {

// Where a packet is looked at: what this machine sends, and what it passes on. The second comes before the filter,
// where the engine lets in what is published and says which rules stand first. An address of loopback that somebody
// beside us has asked for is the container's own by then.
struct Hook {
  const char *table, *name;
};
constexpr Hook sent{"filter", "OUTPUT"}, passed_on{"mangle", "FORWARD"};

// Only what was begun there is looked at, each packet of it: a connection that is older than the rules ends. Answers go
// out to the nodes, and come in from whom they have asked.
std::string jump(const Hook& hook, const std::string& chain, const std::string& to) {
  return fmt::format("echo '-I {} {} -m conntrack --ctdir ORIGINAL -j {}'\n", hook.name, to, chain);
}

// Lines of iptables-restore.
std::string no_jumps(const Hook& hook, const std::string& chain) {
  return fmt::format("iptables -w -t {} -S {} | sed -n 's/^-A \\(.* -j {}\\)$/-D \\1/p'\n", hook.table, hook.name,
                     chain);
}

// The rules of a chain of its own and the jumps there, which take the place of those that were there before.
std::string lines_for(const Hook& hook, const std::string& chain, const std::string& rules, const std::string& jumps) {
  return fmt::format("echo '*{}'\necho ':{} - [0:0]'\n", hook.table, chain) + rules + no_jumps(hook, chain) + jumps +
         "echo COMMIT\n";
}

// All of a table at once: at no moment are there no rules.
std::string at_once(const std::string& lines) {
  return "{\n" + lines + "} | iptables-restore -w --noflush\n";
}

std::string rule(const std::string& chain, const std::string& what) {
  return fmt::format("echo '-A {} {}'\n", chain, what);
}

std::string no_chain(const Hook& hook, const std::string& chain) {
  return fmt::format("if iptables -w -t {} -S {} >/dev/null 2>&1; then\n", hook.table, chain) +
         at_once(lines_for(hook, chain, "", "")) + fmt::format("iptables -w -t {} -X {}\nfi\n", hook.table, chain);
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
  std::string rules = rule(chain, "-m owner --uid-owner 0 -j RETURN"), jumps, from_outside;
  for (const unsigned user : guarded.users)
    rules += rule(chain, fmt::format("-m owner --uid-owner {} -j RETURN", user));
  // What a socket that is closed already has left to say has no owner any more.
  rules += rule(chain, "-m owner ! --socket-exists -m conntrack --ctstate ESTABLISHED -j RETURN");
  rules += rule(chain, "-p tcp -j REJECT --reject-with tcp-reset");
  rules += rule(chain, "-j REJECT");
  for (const GuardedNetwork& network : guarded.networks) {
    jumps += jump(sent, chain, "-d " + network.subnet);
    from_outside += jump(passed_on, chain, fmt::format("! -i {0} -o {0}", network.bridge));
  }
  if (const auto colon = guarded.published.rfind(':'); colon != std::string::npos)
    jumps += jump(sent, chain,
                  fmt::format("-d {} -p tcp --dport {}", guarded.published.substr(0, colon),
                              guarded.published.substr(colon + 1)));
  return at_once(lines_for(sent, chain, rules, jumps) +
                 lines_for(passed_on, chain, rule(chain, "-j DROP"), from_outside));
}

std::string unguard_script(const std::string& chain) {
  return no_chain(sent, chain) + no_chain(passed_on, chain);
}

void guard(const Layout& layout, const std::string& node_image, const std::string& published, const Say& say) {
  Guarded guarded;
  guarded.users = ourselves();
  for (const LocalNetwork& network : networks())
    if (network.name == layout.network() || network.name == layout.push_network())
      guarded.networks.push_back({network.subnet, network.bridge});
  guarded.published = published;
  const ProgramResult result = on_machine(node_image, guard_script(layout.guard_chain(), guarded));
  if (result.status == 0) return;
  say("every user of this machine and every machine beside it may reach the sandbox, and become root by it: " +
      result.err.substr(0, result.err.find('\n')));
}

void unguard(const Layout& layout, const std::string& node_image) {
  on_machine(node_image, unguard_script(layout.guard_chain()));
}

}  // namespace cctl
