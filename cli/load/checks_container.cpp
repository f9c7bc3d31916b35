// What Docker would refuse only when the container is made.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <vector>

#include "load/checks.hpp"
#include "load/container.hpp"
#include "load/tree_of_json.hpp"
#include "model/mistake.hpp"

namespace cctl {

namespace {

std::string one_of(const std::string& text, const std::vector<std::string>& words, const std::string& what) {
  if (std::find(words.begin(), words.end(), text) != words.end()) return "";
  return what + did_you_mean(text, words);
}

bool is_template(const std::string& text) {
  return text.find("<%") != text.npos;
}

bool is_json_object(const std::string& text) {
  Mistakes mistakes;
  const Tree tree = parse_json(text, "", mistakes);
  return !mistakes.any_error() && tree.kind == Tree::Kind::map;
}

}  // namespace

std::string is_capability(const std::string& text) {
  std::string name = text;
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return one_of(name.starts_with("CAP_") ? name.substr(4) : name,
                {"ALL",
                 "AUDIT_CONTROL",
                 "AUDIT_READ",
                 "AUDIT_WRITE",
                 "BLOCK_SUSPEND",
                 "BPF",
                 "CHECKPOINT_RESTORE",
                 "CHOWN",
                 "DAC_OVERRIDE",
                 "DAC_READ_SEARCH",
                 "FOWNER",
                 "FSETID",
                 "IPC_LOCK",
                 "IPC_OWNER",
                 "KILL",
                 "LEASE",
                 "LINUX_IMMUTABLE",
                 "MAC_ADMIN",
                 "MAC_OVERRIDE",
                 "MKNOD",
                 "NET_ADMIN",
                 "NET_BIND_SERVICE",
                 "NET_BROADCAST",
                 "NET_RAW",
                 "PERFMON",
                 "SETFCAP",
                 "SETGID",
                 "SETPCAP",
                 "SETUID",
                 "SYSLOG",
                 "SYS_ADMIN",
                 "SYS_BOOT",
                 "SYS_CHROOT",
                 "SYS_MODULE",
                 "SYS_NICE",
                 "SYS_PACCT",
                 "SYS_PTRACE",
                 "SYS_RAWIO",
                 "SYS_RESOURCE",
                 "SYS_TIME",
                 "SYS_TTY_CONFIG",
                 "WAKE_ALARM"},
                "a capability of Linux, as NET_ADMIN");
}

// As the engine itself takes them: what Docker's own client makes of files (seccomp) and of other words
// (systempaths) does not reach it.
std::string is_security_opt(const std::string& text) {
  if (is_template(text)) return "";
  const std::vector<std::string> words = {"no-new-privileges", "seccomp", "apparmor", "label"};
  const auto split = text.find_first_of("=:");
  const std::string word = text.substr(0, split), value = split == text.npos ? "" : text.substr(split + 1);
  if (word == "systempaths" || word == "credentialspec")
    return "a word of Docker's own client, or of Windows: the engine refuses it";
  if (word == "no-new-privileges")
    return split == text.npos ? ""
                              : one_of(value, {"true", "false"}, "no-new-privileges, alone or with =true or =false");
  if (word == "seccomp")
    return value == "unconfined" || is_json_object(value)
               ? ""
               : "seccomp=unconfined, or the profile itself as JSON: the engine reads no file";
  if (word == "apparmor") return value.empty() ? "apparmor=PROFILE, as apparmor=unconfined" : "";
  if (word != "label") return "one of seccomp=, apparmor=, label=, no-new-privileges" + did_you_mean(word, words);
  if (value == "disable" || value == "nested") return "";
  const auto colon = value.find(':');
  const std::string part = value.substr(0, colon);
  if (colon == value.npos) return "label=disable, or label=type:TYPE" + did_you_mean(value, {"disable"});
  return one_of(part, {"user", "role", "type", "level", "filetype"}, "label=user:, role:, type:, level: or filetype:");
}

std::string is_container_user(const std::string& text) {
  if (is_template(text)) return "";
  const auto parts = std::count(text.begin(), text.end(), ':') + 1;
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](unsigned char c) { return std::isalnum(c) || std::strchr("._-:$", c) != nullptr; });
  const bool whole = !text.empty() && text.front() != ':' && text.back() != ':';
  return whole && plain && parts <= 2 ? "" : "a user, as 1000:1000 or nobody";
}

std::string is_network(const std::string& text) {
  if (is_template(text)) return "";
  const bool of_container = text.starts_with("container:");
  const std::string name = of_container ? text.substr(10) : text;
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](unsigned char c) { return std::isalnum(c) || std::strchr("._-", c) != nullptr; });
  return !name.empty() && plain ? "" : "host, bridge, none, container:NAME, or the name of a network";
}

std::string is_pid_mode(const std::string& text) {
  if (text.empty() || is_template(text)) return "";
  if (text.starts_with("container:") && text.size() > 10) return "";
  return one_of(text, {"host"}, "host, or container:NAME");
}

std::string is_dns(const std::string& text) {
  return is_template(text) || is_ip(text).empty() ? "" : "not an IPv4 address";
}

std::string is_stop_signal(const std::string& text) {
  if (text.find_first_not_of("0123456789") == text.npos) {
    const bool known = !text.empty() && text.size() <= 2 && std::stoi(text) >= 1 && std::stoi(text) <= 64;
    return known ? "" : "a signal, as SIGTERM, or its number from 1 to 64";
  }
  return one_of(text.starts_with("SIG") ? text.substr(3) : text,
                {"HUP", "INT", "QUIT", "ABRT", "KILL", "USR1", "USR2", "ALRM", "TERM", "CONT", "STOP", "TSTP", "WINCH",
                 "IO", "PWR", "RTMIN", "RTMIN+3", "RTMAX"},
                "a signal, as SIGTERM");
}

std::string is_ulimit(const std::string& text) {
  return one_of(text,
                {"core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
                 "rtprio", "rttime", "sigpending", "stack"},
                "a limit, as nofile");
}

Check check_of_setting(std::string_view name) {
  static const std::map<std::string_view, Check> checks = {
      {"entrypoint", any_text},       {"args", any_text},      {"cap_add", is_capability},
      {"cap_drop", is_capability},    {"dns", is_dns},         {"security_opt", is_security_opt},
      {"user", is_container_user},    {"network", is_network}, {"pid", is_pid_mode},
      {"stop_signal", is_stop_signal}};
  return checks.at(name);
}

void read_ulimits(const Tree& tree, const Reader& r, std::map<std::string, std::int64_t>& out) {
  r.number_map(out, -1, 1LL << 40, is_ulimit)(tree);
  const Tree* files = tree.find("nofile");
  if (files && files->text == "-1")
    r.mistakes.error(files->mark,
                     "nofile has no -1: the kernel gives no process files without end; say a number, as 65536");
}

}  // namespace cctl
