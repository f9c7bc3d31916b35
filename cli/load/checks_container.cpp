// What Docker would refuse only when the container is made.
#include <algorithm>
#include <cctype>
#include <vector>

#include "load/checks.hpp"
#include "model/mistake.hpp"

namespace cctl {

namespace {

std::string one_of(const std::string& text, const std::vector<std::string>& words, const std::string& what) {
  if (std::find(words.begin(), words.end(), text) != words.end()) return "";
  return what + did_you_mean(text, words);
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

std::string is_dns(const std::string& text) {
  return text.find("<%") != text.npos || is_ip(text).empty() ? "" : "not an IPv4 address";
}

std::string is_stop_signal(const std::string& text) {
  if (text.find_first_not_of("0123456789") == text.npos)
    return text.empty() || text.size() > 2 ? "a signal, as SIGTERM" : "";
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

}  // namespace cctl
