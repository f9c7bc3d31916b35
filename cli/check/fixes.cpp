#include "check/conditions.hpp"
#include "check/rules.hpp"
#include "model/engine_way.hpp"
#include "model/shell_words.hpp"
#include "model/sysctl.hpp"

namespace cctl {
namespace {

std::string start_service(const std::string& name) {
  return "if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then systemctl start " + shell_word(name) +
         "; else service " + shell_word(name) + " start; fi\n";
}

// Where the inventory says that the host's engine listens.
std::string clear_way(const std::string& name, const CheckInput& input) {
  for (const auto& host : input.desired.hosts)
    if (host.name == name) return engine_way_script(true, host.ssh.docker_socket());
  return "";
}

// A service script comes back before the engine answers, or has given up.
std::string start_engine() {
  return start_service("docker") +
         "status=$?\ni=0\n"
         "until docker version >/dev/null 2>&1; do\n"
         "  i=$((i+1)); [ $i -lt 20 ] || break\n"
         "  [ $i -lt 5 ] || kill -0 \"$(cat /var/run/docker.pid 2>/dev/null)\" 2>/dev/null || break\n"
         "  sleep 1\ndone\nexit $status\n";
}

// Now, and at boot: in a file of its own, which no other program writes.
std::string set_sysctl(const std::string& name, const std::string& value) {
  const std::string path = sysctl_path(name);
  const std::string boot = "/etc/sysctl.d/60-clusterctl-check.conf";
  return "echo '" + value + "' > " + path + " || exit 1\nmkdir -p /etc/sysctl.d\n{ grep -v '^" + name + " = ' " + boot +
         " 2>/dev/null; echo '" + name + " = " + value + "'; } > " + boot + ".new && mv " + boot + ".new " + boot +
         "\n";
}

}  // namespace

std::string fix_script(const Finding& finding, const CheckInput& input) {
  const CheckKind* kind = find_check(finding.check);
  const auto facts = input.facts.find(finding.host);
  const bool good = finding.verdict == Verdicted::ok || finding.verdict == Verdicted::skipped;
  if (good || !kind || kind->fix.empty() || facts == input.facts.end()) return "";
  if (finding.check == "docker.way") return clear_way(finding.host, input);
  if (finding.check == "docker.running")
    return facts->second.docker_installed && !facts->second.docker_runs
               ? clear_way(finding.host, input) + start_engine()
               : "";
  if (finding.check == "time.sync")
    return facts->second.time_services.empty() ? "" : start_service(facts->second.time_services.front());
  std::string out;
  for (const auto& i : input.desired.instances) {
    const auto asked = i.checks.find(finding.check);
    if (i.host != finding.host || asked == i.checks.end()) continue;
    for (const auto& [name, condition] : asked->second) {
      const std::string setting = finding.check == "swap" ? "vm." + name : name;
      const auto now = facts->second.sysctls.find(setting);
      const std::string wanted = finding.check == "swap" ? "<=" + condition : condition;
      if (now != facts->second.sysctls.end() && !holds(now->second, wanted))
        out += set_sysctl(setting, value_of(wanted));
    }
  }
  return out;
}

}  // namespace cctl
