#include "model/sysctl.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace cctl {
namespace {

char exchanged(char c) {
  return c == '.' ? '/' : c == '/' ? '.' : c;
}

bool is_letter(unsigned char c) {
  return std::isalnum(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ':' || c == '@';
}

// None may be empty, or lead elsewhere in the tree.
bool is_part(const std::string& part) {
  return !part.empty() && part != "." && part != "..";
}

}  // namespace

std::string sysctl_name(const std::string& text) {
  if (text.empty() || text[0] == '-' || !std::all_of(text.begin(), text.end(), is_letter)) return "";
  // What comes first separates.
  const auto first = text.find_first_of("./");
  std::string name = text;
  if (first != std::string::npos && text[first] == '/')
    std::transform(name.begin(), name.end(), name.begin(), exchanged);
  std::string part;
  for (const char c : name + '.') {
    if (c != '.') {
      part += exchanged(c);
    } else if (!is_part(part)) {
      return "";
    } else {
      part.clear();
    }
  }
  return name;
}

std::string why_no_sysctl_value(const std::string& name, const std::string& value) {
  static const char* const numbers[] = {"fs.aio-max-nr",
                                        "fs.file-max",
                                        "fs.inotify.",
                                        "fs.nr_open",
                                        "kernel.pid_max",
                                        "kernel.sem",
                                        "kernel.shmall",
                                        "kernel.shmmax",
                                        "kernel.threads-max",
                                        "net.bridge.",
                                        "net.core.rmem_",
                                        "net.core.somaxconn",
                                        "net.core.wmem_",
                                        "net.ipv4.conf.",
                                        "net.ipv4.ip_forward",
                                        "net.ipv4.ip_local_port_range",
                                        "net.ipv4.ip_nonlocal_bind",
                                        "net.ipv4.tcp_rmem",
                                        "net.ipv4.tcp_wmem",
                                        "vm."};
  const bool one = std::any_of(std::begin(numbers), std::end(numbers),
                               [&](const std::string& start) { return name.starts_with(start); });
  if (!one || name == "vm.numa_zonelist_order") return "";
  const bool good = value.find_first_of("0123456789") != std::string::npos &&
                    value.find_first_not_of("0123456789abcdefABCDEFx- \t") == std::string::npos;
  return good ? "" : "a number";
}

std::string sysctl_path(const std::string& name) {
  std::string path = name;
  std::transform(path.begin(), path.end(), path.begin(), exchanged);
  return "/proc/sys/" + path;
}

}  // namespace cctl
