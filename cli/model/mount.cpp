#include "model/mount.hpp"

#include <algorithm>
#include <set>

#include "model/path.hpp"

namespace cctl {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// What runc lets through, for those that tell a container of its own share.
bool may_be_mounted(const std::string& path) {
  static const std::set<std::string> shares = {"/proc/cpuinfo",
                                               "/proc/diskstats",
                                               "/proc/meminfo",
                                               "/proc/stat",
                                               "/proc/swaps",
                                               "/proc/uptime",
                                               "/proc/loadavg",
                                               "/proc/slabinfo",
                                               "/proc/net/dev",
                                               "/proc/sys/kernel/ns_last_pid",
                                               "/proc/sys/crypto/fips_enabled"};
  return shares.contains(path);
}

// One of each kind at most: the engine refuses two.
bool are_options(const std::vector<std::string>& options) {
  static const std::set<std::string> ways = {"ro", "rw"};
  static const std::set<std::string> propagations = {"private", "rprivate", "slave", "rslave", "shared", "rshared"};
  const auto of = [&](const std::set<std::string>& kind) {
    return std::count_if(options.begin(), options.end(), [&](const auto& option) { return kind.contains(option); });
  };
  return of(ways) <= 1 && of(propagations) <= 1 && of(ways) + of(propagations) == std::ssize(options);
}

}  // namespace

bool Mount::read_only() const {
  return std::find(options.begin(), options.end(), "ro") != options.end();
}

Mount mount_of(const std::string& text) {
  const auto parts = split(text, ':');
  Mount out;
  out.source = parts[0];
  if (parts.size() > 1) out.target = parts[1];
  if (parts.size() > 2) out.options = split(parts[2], ',');
  return out;
}

std::string why_no_mount(const std::string& text) {
  const Mount mount = mount_of(text);
  const auto colons = std::count(text.begin(), text.end(), ':');
  if (colons < 1 || colons > 2 || !are_options(mount.options))
    return "a mount is /on/the/host:/in/the/container, then perhaps :ro, :rslave or :ro,rslave";
  if (!mount.source.starts_with('/') || !mount.target.starts_with('/')) return "both paths are absolute";
  const std::string inside = normal_path(mount.target);
  if (inside.find_first_not_of('/') == inside.npos) return "nothing can be mounted over a container's whole /";
  // A /proc may stand for another.
  const bool over = inside == "/proc" || (inside.starts_with("/proc/") && !may_be_mounted(inside));
  return over && mount.source != "/proc" && !mount.source.starts_with("/proc/")
             ? "nothing can be mounted over what the kernel tells in /proc"
             : "";
}

}  // namespace cctl
