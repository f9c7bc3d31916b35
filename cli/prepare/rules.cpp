#include "prepare/rules.hpp"

#include <algorithm>

#include "look/clock.hpp"
#include "model/shell_words.hpp"
#include "prepare/undo.hpp"

namespace cctl {
namespace {

void add(std::vector<HostCommand>& to, const std::vector<HostCommand>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

HostCommand write_selinux(const std::string& mode) {
  return {"sed", "-i", "s/^SELINUX=.*/SELINUX=" + mode + "/", "/etc/selinux/config"};
}

}  // namespace

std::vector<HostCommand> install(const Facts& facts, const std::string& package) {
  if (facts.packages == "apt-get")
    return {{"apt-get", "-q", "update"},
            {"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "install", package}};
  if (facts.packages.empty()) return {};
  return {{facts.packages, "-y", "install", package}};
}

std::vector<HostCommand> start_service(const Facts& facts, const std::string& service) {
  if (facts.init == "systemd") return {{"systemctl", "enable", "--now", service}};
  if (facts.init == "service") return {{"service", service, "start"}};
  return {};
}

HostCommand restart_service(const Facts& facts, const std::string& service) {
  if (facts.init == "systemd") return {"systemctl", "restart", service};
  return {"service", service, "restart"};
}

// What is enforced now, and what will be after the next boot. "disabled" asks for a boot, but enforces nothing before.
Ruling rule_selinux(const Facts& facts, const HostWish& wish) {
  Ruling out;
  const std::string& want = wish.prepare.selinux_want;
  const bool enforces = facts.selinux == "Enforcing";
  if (want == "enforcing") {
    if (enforces && facts.selinux_at_boot == "enforcing") return out;
    if (facts.selinux_at_boot.empty()) {
      out.wrong = "there is no SELinux to enforce";
      out.help = "install the distribution's policy, or say prepare: {selinux: off}";
      return out;
    }
    if (facts.selinux == "Disabled" && facts.selinux_at_boot == "enforcing") return out;
  } else {
    const bool boot_is_good = want == "disabled"
                                  ? facts.selinux_at_boot != "enforcing" && facts.selinux_at_boot != "permissive"
                                  : facts.selinux_at_boot != "enforcing";
    if (!enforces && boot_is_good) return out;
  }
  out.wrong = "SELinux is " + (facts.selinux.empty() ? "off" : facts.selinux) + " now and " +
              (facts.selinux_at_boot.empty() ? "off" : facts.selinux_at_boot) + " at boot";
  out.cure = want;
  const bool to_enforce = want == "enforcing";
  if (to_enforce ? facts.selinux == "Permissive" : enforces) {
    out.commands.push_back({"setenforce", to_enforce ? "1" : "0"});
    out.undo.push_back({"setenforce", to_enforce ? "0" : "1"});
  }
  if (facts.selinux_at_boot != want && !facts.selinux_at_boot.empty()) {
    out.commands.push_back(write_selinux(want));
    out.undo.push_back(write_selinux(facts.selinux_at_boot));
  }
  // Files made while it was off carry no labels: switching it on again takes a relabelling, which is no undo.
  if (want == "disabled") out.undo.clear();
  const bool needs_boot = want == "disabled" || (to_enforce && facts.selinux == "Disabled");
  if (needs_boot) out.note = "SELinux is " + want + " only after the next boot";
  return out;
}

Ruling rule_docker(const Facts& facts, const HostWish& wish) {
  Ruling out;
  if (facts.engine_answers) return out;
  if (!facts.engine_unknown.empty()) {
    out.wrong = "its Docker engine could not be asked (" + facts.engine_unknown + ")";
    out.help = docker_line(wish.docker_host, {"info"}) + " on the host says more; clusterctl check once it answers";
    return out;
  }
  if (!facts.docker_installed) {
    out.wrong = "Docker is not installed";
    const std::string package = facts.packages == "apt-get" ? "docker.io" : facts.docker_package;
    if (facts.packages.empty()) {
      out.help = "it has none of apt-get, dnf and yum: install Docker by hand";
      return out;
    }
    if (package.empty()) {
      out.help = "none of docker, moby-engine and docker-ce is in its repositories: add one that has it";
      return out;
    }
    out.cure = package + " by " + facts.packages;
    out.commands = install(facts, package);
  } else {
    out.wrong = "Docker does not run";
    out.cure = "start it";
  }
  const auto start = start_service(facts, "docker");
  if (start.empty()) {
    out.commands.clear();
    out.help = "it has neither systemd nor a service command: start Docker by hand";
  }
  add(out.commands, start);
  return out;
}

Ruling rule_hostname(const Facts& facts, const HostWish& wish) {
  Ruling out;
  const bool nobody = facts.hostname.empty() || facts.hostname == "(none)" || facts.hostname.starts_with("localhost");
  if (nobody) {
    out.wrong = "its hostname is \"" + facts.hostname + "\"";
  } else if (!wish.same_name.empty()) {
    out.wrong = "its hostname \"" + facts.hostname + "\" is also that of " + wish.same_name.front();
  } else {
    return out;
  }
  const auto set = [&](const std::string& name) -> HostCommand {
    if (facts.init == "systemd") return {"hostnamectl", "set-hostname", name};
    return {"sh", "-c", kSetHostname, "sh", name};
  };
  out.cure = wish.name;
  out.commands = {set(wish.name)};
  if (!facts.hostname.empty() && facts.hostname != "(none)") out.undo = {set(facts.hostname)};
  return out;
}

// In apply mode /etc/hosts itself is a file of a playbook's: here is what that cannot mend.
Ruling rule_hosts_file(const Facts& facts, const HostWish& wish) {
  Ruling out;
  const std::string own = facts.resolved.empty() ? "" : facts.resolved.front();
  const bool loopback = own.starts_with("127.");
  if (!own.empty() && !loopback) return out;
  if (wish.prepare.hosts_file == PrepareMode::apply &&
      (facts.hostname == wish.name || wish.prepare.hostname == PrepareMode::apply))
    return out;
  out.wrong = "its own name \"" + facts.hostname + "\" " +
              (loopback ? "is " + own + " to itself, which a program would tell others"
                        : std::string("does not resolve there"));
  out.help = wish.prepare.hosts_file == PrepareMode::apply
                 ? "/etc/hosts gets the names of the inventory, and this is none of them: name it so there, or say "
                   "prepare: {hosts_file: check}"
                 : "";
  return out;
}

Ruling rule_time(const Facts& facts, const HostWish&) {
  Ruling out;
  if (const auto* keeper = running_time_service(facts); keeper && !keeper->of_guest) return out;
  out.wrong = "nothing keeps its clock";
  const auto& installed = facts.time_services;
  if (facts.init == "systemd" && std::count(installed.begin(), installed.end(), "systemd-timesyncd")) {
    out.cure = "systemd-timesyncd";
    out.commands = start_service(facts, "systemd-timesyncd");
    return out;
  }
  out.commands = install(facts, "chrony");
  if (out.commands.empty() || facts.init.empty()) {
    out.commands.clear();
    out.help = "install chrony, or another NTP client, by hand";
    return out;
  }
  out.cure = "chrony by " + facts.packages;
  add(out.commands, start_service(facts, facts.packages == "apt-get" ? "chrony" : "chronyd"));
  return out;
}

// In apply mode a playbook sets them.
Ruling rule_sysctls(const Facts& facts, const HostWish& wish) {
  Ruling out;
  if (wish.prepare.sysctls != PrepareMode::check) return out;
  for (const auto& [name, value] : wish.prepare.values) {
    const auto now = facts.sysctls.find(name);
    const std::string is = now == facts.sysctls.end() ? "not there" : now->second;
    if (is != value) out.wrong += (out.wrong.empty() ? "" : ", ") + name + " is " + is + ", not " + value;
  }
  return out;
}

}  // namespace cctl
