// Getting in: the login, what it may do, and what sshd lets through.
#include "check/rules.hpp"

namespace cctl {
namespace {

void reachable(const HostView&, Verdicts& out) {
  out.ok("logged in");
}

void quiet_login(const HostView& host, Verdicts& out) {
  const std::string& said = host.observed.login_prints;
  if (said.find_first_not_of(" \r\n\t") == std::string::npos) return out.ok("the login shell prints nothing");
  const auto begin = said.find_first_not_of(" \r\n\t");
  const auto end = said.find_first_of("\r\n", begin);
  out.bad(
      fmt::format("the login shell prints \"{}\" before every command, which scp, rsync and sftp take for an answer",
                  said.substr(begin, end == said.npos ? end : end - begin)),
      "print in interactive shells only: [ -t 1 ], or case $- in *i*)");
}

void root(const HostView& host, Verdicts& out) {
  if (host.facts.uid == 0) return out.ok("commands run as root");
  out.bad(fmt::format("commands run as uid {}", host.facts.uid),
          "log in as root, or say become: sudo under ssh: in the inventory");
}

// The lease of a run keeps a session on each master; all else goes by another one.
void sessions(const HostView& host, Verdicts& out) {
  if (host.host.group != "masters") return;
  const int most = host.facts.max_sessions;
  if (most > 1) return out.ok(fmt::format("sshd allows {} sessions at once", most));
  out.bad(
      fmt::format("sshd allows {} at once (MaxSessions {}), which the lock of a run keeps: it can change nothing here",
                  most == 1 ? "one session" : "no session", most),
      "MaxSessions 2 or more in its sshd_config (10 is the default)");
}

void probes(const HostView& host, Verdicts& out) {
  if (!host.facts.probes_asked) return;
  const std::string& why = *host.facts.probes_asked;
  if (why.empty()) return out.ok("its health can be asked for");
  out.bad("nobody can ask it how its components are: " + why,
          "AllowTcpForwarding yes in its sshd_config, or bash, python or perl on the host");
}

}  // namespace

void add_access_rules(Rules& rules) {
  rules.each.insert({{"ssh.reachable", {reachable}},
                     {"ssh.quiet", {quiet_login}},
                     {"ssh.root", {root, {&fact::uid}}},
                     {"ssh.sessions", {sessions, {&fact::sshd}}},
                     {"ssh.probes", {probes}}});
}

}  // namespace cctl
