#include "prepare/undo.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace cctl {

const char* const kForgetRules =
    "nft -a list chain \"$1\" \"$2\" \"$3\" | sed -n \"s/.*comment \\\"$4\\\" # handle //p\" | "
    "while read -r h; do nft delete rule \"$1\" \"$2\" \"$3\" handle \"$h\"; done";

const char* const kSetHostname = "printf '%s\\n' \"$1\" > /etc/hostname && hostname \"$1\"";

namespace {

bool begins(const HostCommand& command, const HostCommand& with) {
  return command.size() >= with.size() && std::equal(with.begin(), with.end(), command.begin());
}

bool is_one_of(const HostCommand& command, const std::vector<HostCommand>& all) {
  return std::find(all.begin(), all.end(), command) != all.end();
}

// What a host calls itself: any one word, but no option of the program that is told.
bool is_hostname(const std::string& name) {
  static const RE2 plain(R"([^-\s\x00-\x1f\x7f][^\s\x00-\x1f\x7f]{0,252})", RE2::Latin1);
  return RE2::FullMatch(name, plain);
}

// "8302/tcp", "vrrp", as we write it.
bool is_opening(const std::string& text, char dash, bool port) {
  const auto opening = opening_from(text);
  return opening && to_text(*opening, dash) == text && (opening->from > 0) == port;
}

bool of_selinux(const HostCommand& c) {
  static const RE2 expression("(?i)s/\\^SELINUX=\\.\\*/SELINUX=(enforcing|permissive|disabled)[\\w #.,-]*/");
  if (is_one_of(c, {{"setenforce", "0"}, {"setenforce", "1"}})) return true;
  return c.size() == 4 && begins(c, {"sed", "-i"}) && RE2::FullMatch(c[2], expression) && c[3] == "/etc/selinux/config";
}

bool of_firewalld(const HostCommand& c) {
  static const RE2 zone(R"(--zone=[\w-]+)"), taken("--remove-(port|protocol)=(.*)");
  const std::size_t at = begins(c, {"firewall-cmd", "--permanent"}) ? 2 : 1;
  std::string kind, opening;
  return c.size() == at + 2 && c[0] == "firewall-cmd" && RE2::FullMatch(c[at], zone) &&
         RE2::FullMatch(c[at + 1], taken, &kind, &opening) && is_opening(opening, '-', kind == "port");
}

bool of_ufw(const HostCommand& c) {
  return c == HostCommand{"ufw", "--force", "enable"} ||
         (c.size() == 4 && begins(c, {"ufw", "delete", "allow"}) && is_opening(c[3], ':', true));
}

// A rule as `iptables -S INPUT` lists it. Options that reach beyond it (another table, a program for modules, a name
// that is a way to a file) are none of those.
bool is_listed_rule(const HostCommand& c) {
  static const RE2 option("-[psdiofmjg]|--[a-z][a-z0-9-]*"), name(R"(\w[\w.+-]*)");
  static const RE2 elsewhere("--(t|ta|tab|tabl|table|m|mo|mod|modp.*)");
  static const RE2 before_text("--(comment|log-prefix|nflog-prefix|string|hex-string)");
  for (std::size_t i = 3; i < c.size(); ++i) {
    if (!c[i].starts_with('-')) continue;
    if (!RE2::FullMatch(c[i], option) || RE2::FullMatch(c[i], elsewhere)) return false;
    const bool names = c[i] == "-m" || c[i] == "-j" || c[i] == "-g";
    if (names && (i + 1 == c.size() || !RE2::FullMatch(c[i + 1], name))) return false;
    if (names || RE2::FullMatch(c[i], before_text)) ++i;
  }
  return c.size() > 3;
}

bool of_iptables(const HostCommand& c, const std::string& mark) {
  if (is_one_of(c, {{"iptables", "-P", "INPUT", "DROP"}, {"iptables", "-P", "INPUT", "ACCEPT"}})) return true;
  if (begins(c, {"iptables", "-A", "INPUT"})) return is_listed_rule(c);
  if (!begins(c, {"iptables", "-D", "INPUT", "-p"})) return false;
  const HostCommand end{"-m", "comment", "--comment", mark, "-j", "ACCEPT"};
  if (c.size() == 11) return c[4] == "112" && std::equal(end.begin(), end.end(), c.begin() + 5);
  return c.size() == 13 && c[5] == "--dport" && is_opening(c[6] + "/" + c[4], ':', true) &&
         std::equal(end.begin(), end.end(), c.begin() + 7);
}

// nft reads its words as one text.
bool of_nft(const HostCommand& c, const std::string& mark) {
  static const RE2 name(R"([A-Za-z_][\w./\\-]*)");
  return c.size() == 8 && begins(c, {"sh", "-c", kForgetRules, "sh"}) && (c[4] == "inet" || c[4] == "ip") &&
         RE2::FullMatch(c[5], name) && RE2::FullMatch(c[6], name) && c[7] == mark;
}

bool of_firewall(const HostCommand& c, const std::string& mark) {
  for (const char* service : {"firewalld", "iptables", "nftables"})
    if (c == HostCommand{"systemctl", "enable", "--now", service}) return true;
  return is_one_of(c, {{"systemctl", "restart", "docker"}, {"service", "docker", "restart"}}) || of_firewalld(c) ||
         of_ufw(c) || of_iptables(c, mark) || of_nft(c, mark);
}

bool of_hostname(const HostCommand& c) {
  if (c.size() == 3 && begins(c, {"hostnamectl", "set-hostname"})) return is_hostname(c[2]);
  return c.size() == 5 && begins(c, {"sh", "-c", kSetHostname, "sh"}) && is_hostname(c[4]);
}

bool of_item(const std::string& item, const HostCommand& c, const std::string& cluster) {
  if (item == "selinux") return of_selinux(c);
  if (item == "firewall") return of_firewall(c, "clusterctl-" + cluster);
  return item == "hostname" && of_hostname(c);
}

}  // namespace

const HostCommand* not_of_a_rule(const Prepared& done, const std::string& cluster) {
  const auto found = std::find_if(done.undo.begin(), done.undo.end(),
                                  [&](const HostCommand& c) { return !of_item(done.item, c, cluster); });
  return found == done.undo.end() ? nullptr : &*found;
}

}  // namespace cctl
