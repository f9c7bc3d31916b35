#include "check/conditions.hpp"
#include "check/rules.hpp"
#include "model/engine_way.hpp"
#include "model/sysctl.hpp"

namespace cctl {
namespace {

HostCommand start_service(const Facts& facts, const std::string& name) {
  if (facts.init == "systemd") return {"systemctl", "start", name};
  return {"service", name, "start"};
}

// Where the inventory says that the host's engine listens.
std::vector<HostCommand> clear_way(const std::string& name, const Desired& desired) {
  const Host* host = find_host(desired.hosts, name);
  if (!host) return {};
  return {{"sh", "-c", engine_way_script(true, host->ssh.docker_socket())}};
}

// A service script comes back before the engine answers, or has given up.
constexpr const char* kStartEngine = R"sh("$@"
status=$?
i=0
until docker version >/dev/null 2>&1; do
  i=$((i+1)); [ $i -lt 20 ] || break
  [ $i -lt 5 ] || kill -0 "$(cat /var/run/docker.pid 2>/dev/null)" 2>/dev/null || break
  sleep 1
done
exit $status
)sh";

HostCommand start_engine(const Facts& facts) {
  HostCommand out = {"sh", "-c", kStartEngine, "sh"};
  for (auto& word : start_service(facts, "docker")) out.push_back(std::move(word));
  return out;
}

// Its path, name and value: now, and at boot in a file of its own, which no other program writes.
constexpr const char* kSetSysctl = R"sh(echo "$3" > "$1" || exit 1
boot=/etc/sysctl.d/60-clusterctl-check.conf
mkdir -p /etc/sysctl.d
{ grep -v "^$2 = " "$boot" 2>/dev/null; echo "$2 = $3"; } > "$boot.new" && mv "$boot.new" "$boot"
)sh";

// Settings that are not as a playbook asks for.
std::vector<HostCommand> set_sysctls(const Finding& finding, const Facts& facts, const Desired& desired) {
  std::vector<HostCommand> out;
  const bool swap = finding.check == "swap";
  for (const auto& i : desired.instances) {
    const auto asked = i.checks.find(finding.check);
    if (i.host != finding.host || asked == i.checks.end()) continue;
    for (const auto& [name, condition] : asked->second) {
      const std::string setting = swap ? "vm." + name : name, wanted = swap ? "<=" + condition : condition;
      const auto now = facts.sysctls.find(setting);
      if (now != facts.sysctls.end() && !holds(now->second, wanted))
        out.push_back({"sh", "-c", kSetSysctl, "sh", sysctl_path(setting), setting, value_of(wanted)});
    }
  }
  return out;
}

}  // namespace

// What was to be in order from the start is not put out of order again: nothing of it has an undo.
Ruling fix_of(const Finding& finding, const CheckInput& input) {
  Ruling out;
  const CheckKind* kind = find_check(finding.check);
  const auto found = input.facts.find(finding.host);
  const bool good = finding.verdict == Verdicted::ok || finding.verdict == Verdicted::skipped;
  if (good || !kind || kind->fix.empty() || found == input.facts.end()) return out;
  const Facts& facts = found->second;
  out.wrong = finding.text;
  out.cure = kind->fix;
  if (finding.check == "docker.way") {
    out.commands = clear_way(finding.host, input.desired);
  } else if (finding.check == "docker.running") {
    if (!facts.docker_installed || facts.docker_runs) return out;
    out.commands = clear_way(finding.host, input.desired);
    out.commands.push_back(start_engine(facts));
  } else if (finding.check == "time.sync") {
    if (!facts.time_services.empty()) out.commands = {start_service(facts, facts.time_services.front())};
  } else {
    out.commands = set_sysctls(finding, facts, input.desired);
  }
  return out;
}

}  // namespace cctl
