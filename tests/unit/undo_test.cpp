// Commands that put a preparation back are held against what the rules of `prepare:` make.
#include "prepare/undo.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

bool runs(const std::string& item, const HostCommand& command) {
  return !not_of_a_rule({item, "why", {command}}, "c");
}

HostCommand iptables(std::initializer_list<const char*> rule) {
  HostCommand out{"iptables", "-A", "INPUT"};
  out.insert(out.end(), rule.begin(), rule.end());
  return out;
}

}  // namespace

TEST_CASE("what rules make to put back is run") {
  const std::vector<std::pair<const char*, HostCommand>> cases = {
      {"selinux", {"setenforce", "1"}},
      {"selinux", {"sed", "-i", "s/^SELINUX=.*/SELINUX=enforcing/", "/etc/selinux/config"}},
      {"selinux", {"sed", "-i", "s/^SELINUX=.*/SELINUX=Permissive  # for now/", "/etc/selinux/config"}},
      {"firewall", {"firewall-cmd", "--zone=public", "--remove-port=8300-8302/tcp"}},
      {"firewall", {"firewall-cmd", "--permanent", "--zone=my_zone-1", "--remove-protocol=vrrp"}},
      {"firewall", {"ufw", "delete", "allow", "31000:32000/tcp"}},
      {"firewall", {"ufw", "--force", "enable"}},
      {"firewall", {"systemctl", "enable", "--now", "nftables"}},
      {"firewall", {"systemctl", "restart", "docker"}},
      {"firewall", {"service", "docker", "restart"}},
      {"firewall",
       {"iptables", "-D", "INPUT", "-p", "tcp", "--dport", "8300:8302", "-m", "comment", "--comment", "clusterctl-c",
        "-j", "ACCEPT"}},
      {"firewall",
       {"iptables", "-D", "INPUT", "-p", "112", "-m", "comment", "--comment", "clusterctl-c", "-j", "ACCEPT"}},
      {"firewall", {"iptables", "-P", "INPUT", "DROP"}},
      {"firewall", iptables({"-p", "tcp", "-m", "tcp", "--dport", "22", "-m", "comment", "--comment", "for -us /", "-j",
                             "ACCEPT"})},
      {"firewall", iptables({"-m", "comment", "--comment", "--modprobe=x", "-j", "LOG", "--log-prefix", "-dropped- "})},
      {"firewall",
       iptables({"!", "-i", "eth0", "-m", "statistic", "--mode", "random", "--probability", "0.5", "-j", "DROP"})},
      {"firewall",
       iptables({"-s", "10.0.0.0/8", "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-g", "my.chain"})},
      {"firewall", iptables({"-m", "mac", "--mac-source", "00:11:22:33:44:55", "-j", "ACCEPT"})},
      {"firewall", {"sh", "-c", kForgetRules, "sh", "inet", "filter", "input", "clusterctl-c"}},
      {"hostname", {"hostnamectl", "set-hostname", "localhost.localdomain"}},
      {"hostname", {"sh", "-c", kSetHostname, "sh", "old_name"}},
  };
  for (const auto& [item, command] : cases) {
    INFO(item << " " << command[0] << " " << command.back());
    CHECK(runs(item, command));
  }
  CHECK_FALSE(not_of_a_rule({"docker", "why", {}}, "c"));
}

TEST_CASE("what no rule makes is not run") {
  const std::vector<std::pair<const char*, HostCommand>> cases = {
      {"firewall", {}},
      {"firewall", {"rm", "-rf", "/"}},
      {"firewall", {"sh", "-c", "reboot"}},
      {"docker", {"systemctl", "restart", "docker"}},  // what prepares it is left
      {"hostname", {"setenforce", "0"}},               // of another item
      {"nothing", {"setenforce", "0"}},
      {"selinux", {"setenforce", "0", "1"}},
      {"selinux", {"/tmp/setenforce", "0"}},
      {"selinux", {"sed", "-i", "s/^SELINUX=.*/SELINUX=enforcing/e", "/etc/selinux/config"}},
      {"selinux", {"sed", "-i", "s/^SELINUX=.*/SELINUX=enforcing/", "/etc/shadow"}},
      {"selinux", {"sed", "-i", "s/^SELINUX=.*/SELINUX=x/", "/etc/selinux/config"}},
      {"firewall", {"firewall-cmd", "--zone=public", "--add-port=22/tcp"}},
      {"firewall", {"firewall-cmd", "--zone=public", "--remove-port=vrrp"}},
      {"firewall", {"firewall-cmd", "--zone=public", "--remove-port=80/tcp", "--panic-on"}},
      {"firewall", {"firewall-cmd", "--permanent", "--zone=public --panic-on", "--remove-port=80/tcp"}},
      {"firewall", {"ufw", "delete", "allow", "ssh"}},
      {"firewall", {"ufw", "delete", "allow", "0/tcp"}},
      {"firewall", {"ufw", "--force", "disable"}},
      {"firewall", {"systemctl", "enable", "--now", "evil"}},
      {"firewall", {"systemctl", "enable", "--now", "/tmp/evil.service"}},
      {"firewall",
       {"iptables", "-D", "INPUT", "-p", "tcp", "--dport", "22", "-m", "comment", "--comment", "clusterctl-other", "-j",
        "ACCEPT"}},  // another cluster's
      {"firewall", {"iptables", "-D", "INPUT", "-p", "tcp", "--dport", "22", "-j", "ACCEPT"}},
      {"firewall", {"iptables", "-P", "OUTPUT", "DROP"}},
      {"firewall", {"iptables", "-F", "INPUT"}},
      {"firewall", {"iptables", "-A", "OUTPUT", "-j", "DROP"}},
      {"firewall", iptables({})},
      {"firewall", iptables({"-t", "nat", "-j", "ACCEPT"})},
      {"firewall", iptables({"-tnat", "-j", "ACCEPT"})},
      {"firewall", iptables({"--tab", "nat", "-j", "ACCEPT"})},
      {"firewall", iptables({"--modprobe=/tmp/evil", "-m", "x"})},
      {"firewall", iptables({"--modp", "/tmp/evil", "-m", "x"})},
      {"firewall", iptables({"-M", "/tmp/evil", "-m", "x"})},
      {"firewall", iptables({"-m", "comment", "--comment", "--comment", "-M", "/tmp/evil"})},
      {"firewall", iptables({"-m", "/../../tmp/evil"})},
      {"firewall", iptables({"-m../../tmp/evil"})},
      {"firewall", iptables({"-j"})},
      {"firewall", iptables({"-j", "../../tmp/evil"})},
      {"firewall", {"sh", "-c", kForgetRules, "sh", "inet", "filter; flush ruleset", "input", "clusterctl-c"}},
      {"firewall", {"sh", "-c", kForgetRules, "sh", "inet", "filter", "input", "x\\\" ; e reboot"}},
      {"firewall", {"sh", "-c", kForgetRules, "sh", "--file", "filter", "input", "clusterctl-c"}},
      {"hostname", {"hostnamectl", "set-hostname", "--static"}},
      {"hostname", {"hostnamectl", "set-hostname", "a b"}},
      {"hostname", {"hostnamectl", "set-hostname", ""}},
      {"hostname", {"sh", "-c", kSetHostname, "sh", "-F/etc/shadow"}},
      {"hostname", {"sh", "-c", kSetHostname, "sh", "a", "b"}},
  };
  for (const auto& [item, command] : cases) {
    INFO(item << " " << (command.empty() ? "" : command[0] + " " + command.back()));
    CHECK_FALSE(runs(item, command));
  }
  const Prepared mixed{"firewall", "why", {{"ufw", "--force", "enable"}, {"reboot"}}};
  REQUIRE(not_of_a_rule(mixed, "c"));
  CHECK(*not_of_a_rule(mixed, "c") == HostCommand{"reboot"});
}
