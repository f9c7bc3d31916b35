// The machine: system, disks, memory, limits, time.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "check/conditions.hpp"
#include "check/rules.hpp"
#include "look/clock.hpp"
#include "model/shell_words.hpp"
#include "model/version.hpp"
#include "plan/engine_words.hpp"

namespace cctl {
namespace {

constexpr long long kMB = 1000 * 1000, kGB = 1000 * kMB;

bool below(const std::string& version, const char* least) {
  const auto have = Version::parse(version);
  return have && *have < *Version::parse(least);
}

void os_family(const HostView& host, Verdicts& out) {
  const auto& f = host.facts;
  const auto is = [&](const char* name) {
    return f.os == name || (" " + f.os_like + " ").find(std::string(" ") + name + " ") != std::string::npos;
  };
  const std::string have = f.os.empty() ? "an unknown system" : f.os + " " + f.os_version;
  const char* wish = "Debian 8, Ubuntu 14.04, Enterprise Linux 7 and later are what this has been made for";
  if (f.os == "ubuntu" ? below(f.os_version, "14.04") : f.os == "debian" && below(f.os_version, "8"))
    return out.bad(have + " is too old", wish);
  if (is("debian") || is("ubuntu")) return out.ok(have);
  if (!is("rhel") && !is("fedora") && !is("centos")) return out.bad("the host runs " + have, wish);
  if (f.os != "fedora" && f.os != "amzn" && below(f.os_version, "7")) return out.bad(have + " is too old", wish);
  out.ok(have);
}

void os_arch(const HostView& host, Verdicts& out) {
  if (host.facts.arch == "x86_64" || host.facts.arch == "amd64") return out.ok(host.facts.arch);
  out.bad("the machine is " + host.facts.arch + ", the catalogue's images are for x86_64",
          "name images of your own under images: and leave this check out with --skip");
}

void kernel_version(const HostView& host, Verdicts& out) {
  if (below(host.facts.kernel, "3.10"))
    return out.bad("Linux " + host.facts.kernel + " is older than 3.10", "upgrade the system");
  out.ok("Linux " + host.facts.kernel);
}

// What mounts of the first hierarchy a component works with: controllers: "cpu memory".
void cgroup_version(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("cgroup.version")) {
    std::vector<std::string> missing;
    for (const auto& name : words_of(asked.text("controllers")))
      if (!host.facts.cgroup_v1.count(name)) missing.push_back(name);
    if (missing.empty()) {
      out.ok("version 1 with " + asked.text("controllers"));
    } else {
      out.bad(
          fmt::format("{} needs control groups of version 1, and {} {} not mounted{}", asked.instance->component,
                      listed(missing), missing.size() == 1 ? "is" : "are",
                      host.facts.cgroup_v2 ? ": this machine has version 2" : ""),
          "boot with systemd.unified_cgroup_hierarchy=0 (systemd before 256), or use an image that knows version 2");
    }
  }
}

void selinux_mode(const HostView& host, Verdicts& out) {
  if (host.facts.selinux != "Enforcing") return out.ok("not enforcing");
  std::vector<std::string> refused;
  for (const auto* i : host.instances) {
    if (!i->container()) continue;
    const auto& c = i->container()->spec;
    const bool socket = std::any_of(c.mounts.begin(), c.mounts.end(),
                                    [](const std::string& m) { return m.find("docker.sock") != m.npos; });
    const bool free = c.privileged || std::count(c.security_opt.begin(), c.security_opt.end(), "label=disable") > 0;
    if (socket && !free) refused.push_back(i->component);
  }
  if (refused.empty()) return out.ok("enforcing, which no container minds");
  out.bad("SELinux is enforcing and will keep " + listed(refused) + " from the engine's socket",
          "container: {security_opt: [label=disable]} for them, or setenforce 0");
}

// Images take the engine's directory only while one of them is still missing.
bool pulls(const HostView& host) {
  if (!why_unasked(host.observed).empty()) return false;  // nobody knows which are there
  return std::any_of(host.instances.begin(), host.instances.end(), [&](const Instance* i) {
    return i->container() && !host.observed.images.count(i->container()->spec.image);
  });
}

void disk_space(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  for (const auto& [path, disk] : host.facts.disks) {
    const bool images = path == "/var/lib/docker";
    const std::string text = fmt::format("{} has {} MB free", path, disk.free / kMB);
    const std::string next =
        shell_line({"df", "-h", path}) + (images ? "; docker system prune removes what nothing uses" : "");
    if (disk.total == 0) continue;
    const bool makes = images && std::any_of(host.instances.begin(), host.instances.end(),
                                             [](const Instance* i) { return i->container() != nullptr; });
    if (makes && disk.free < 20 * kMB)
      out.bad(text + ", which is too little to make or start a container", next);
    else if (disk.free < (images ? 500 * kMB : 100 * kMB) && (!images || pulls(host)))
      out.bad(text + (images ? ", which is too little for images" : ""), next);
    else if (disk.free < (images && pulls(host) ? 10 * kGB : kGB))
      out.warn(text, next);
  }
  if (out.said() == said)
    out.ok(fmt::format("{} MB free for images", host.facts.disks.count("/var/lib/docker")
                                                    ? host.facts.disks.at("/var/lib/docker").free / kMB
                                                    : 0));
}

void disk_inodes(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  for (const auto& [path, disk] : host.facts.disks)
    if (disk.inodes > 0 && disk.inodes_free < disk.inodes / 20)
      out.bad(fmt::format("{} has {} of {} inodes left", path, disk.inodes_free, disk.inodes),
              shell_line({"df", "-i", path}));
  if (out.said() == said) out.ok("more than 5% of the inodes are free");
}

void disk_persistent(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  for (const auto& [path, disk] : host.facts.disks)
    if (disk.type == "tmpfs" || disk.type == "ramfs")
      out.bad(path + " is on " + disk.type + ": its data would not outlive a reboot", "mount a disk there");
  if (out.said() == said) out.ok("data is kept on disks");
}

// A container that runs as a user of its own can do nothing with what another user keeps there.
void data_owner(const HostView& host, Verdicts& out) {
  for (const auto* i : host.instances) {
    if (!i->container()) continue;
    long long user = 0;
    const std::string& name = i->container()->spec.user;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), user);
    if (error != std::errc() || user == 0) continue;
    for (const auto& directory : i->directories) {
      const auto disk = host.facts.disks.find(directory.path);
      if (!directory.data || disk == host.facts.disks.end() || disk->second.owner < 0) continue;
      const std::string next = shell_line({"chown", "-R", directory.owner, directory.path});
      const auto& inside = disk->second.inside;
      const bool mixed = std::any_of(inside.begin(), inside.end(), [&](long long id) { return id != user; });
      if (disk->second.owner != user)
        out.bad(fmt::format("{} is not empty and belongs to user {}, and {} runs as user {}", directory.path,
                            disk->second.owner, i->component, user),
                next);
      else if (mixed)
        out.warn(
            fmt::format("{} has files of another user than {}, as which {} runs", directory.path, user, i->component),
            next);
      else
        out.ok(fmt::format("{} belongs to user {}", directory.path, user));
    }
  }
}

void memory(const HostView& host, Verdicts& out) {
  const long long have = host.facts.memory / kMB;
  long long promised = 0;
  for (const auto* i : host.instances)
    if (const auto* own = i->container()) promised += own->spec.memory / kMB;
  const auto said = out.said();
  for (const auto& asked : host.asked("memory")) {
    if (have < asked.number("least"))
      out.bad(fmt::format("{} MB of memory, {} is better off with {} MB", have, asked.instance->component,
                          asked.number("least")),
              "give the machine more memory");
  }
  if (promised > have)
    out.bad(fmt::format("containers may take {} MB together, the machine has {} MB", promised, have),
            "lower container: {memory: ...} in the inventory");
  if (out.said() == said && !host.asked("memory").empty()) out.ok(fmt::format("{} MB", have));
}

void swap(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("swap")) {
    if (host.facts.swap == 0) return out.ok("no swap");
    const auto now = host.facts.sysctls.find("vm.swappiness");
    const std::string most = asked.text("swappiness");
    if (now == host.facts.sysctls.end() || holds(now->second, "<=" + most)) return out.ok("swap is a last resort");
    return out.bad(fmt::format("swap is on and vm.swappiness is {}: {} stalls when its memory is swapped out",
                               now->second, asked.instance->component),
                   shell_line({"sysctl", "vm.swappiness=" + most}) + ", or swapoff -a");
  }
}

void settings(const HostView& host, Verdicts& out, const char* check) {
  for (const auto& asked : host.asked(check)) {
    for (const auto& [name, condition] : *asked.arguments) {
      const auto now = host.facts.sysctls.find(name);
      if (now == host.facts.sysctls.end())
        out.skip("this kernel has no " + name);
      else if (holds(now->second, condition))
        out.ok(name + " = " + now->second);
      else
        out.bad(fmt::format("{} is {}, {} wants {}", name, now->second, asked.instance->component, condition),
                shell_line({"sysctl", name + "=" + value_of(condition)}));
    }
  }
}
void sysctl(const HostView& host, Verdicts& out) {
  settings(host, out, "sysctl");
}
void sysctl_advice(const HostView& host, Verdicts& out) {
  settings(host, out, "sysctl.advice");
}

void ulimit_nofile(const HostView& host, Verdicts& out) {
  for (const auto& asked : host.asked("ulimit.nofile")) {
    const auto* container = asked.instance->container();
    const bool own = container && container->spec.ulimits.count("nofile");
    const long long have = own ? container->spec.ulimits.at("nofile") : host.facts.docker_files;
    if (have < 0) return out.skip("the engine does not run");
    if (have < asked.number("least"))
      out.bad(
          fmt::format("{} may open {} files, {} are better", asked.instance->component, have, asked.number("least")),
          fmt::format("components: {{{}: {{container: {{ulimits: {{nofile: {}}}}}}}}}", asked.instance->component,
                      asked.number("least")));
    else
      out.ok(fmt::format("{} may open {} files", asked.instance->component, have));
  }
}

void time_sync(const HostView& host, Verdicts& out) {
  if (host.facts.container) return out.skip("a container has its machine's clock");
  if (const auto* keeper = running_time_service(host.facts)) return out.ok(std::string(keeper->program) + " runs");
  const auto& installed = host.facts.time_services;
  if (installed.empty()) return out.bad("no time service is installed", "install chrony");
  out.bad("no time service runs", shell_line({"service", installed.front(), "start"}));
}

struct Told {
  std::string host;
  double clock = 0, error = 0;
};

// "the clock of b is 7.0 s ahead of that of a", on `out`; nothing: they agree, or nobody can say.
bool tell_apart(const Told& a, const Told& b, Verdicts out) {
  const Told &slow = a.clock < b.clock ? a : b, &fast = a.clock < b.clock ? b : a;
  const double apart = fast.clock - slow.clock, doubt = fast.error + slow.error;
  const std::string text = fmt::format("the clock of {} is {:.1f} s ahead of that of {}", fast.host, apart, slow.host);
  const std::string next = "run a time service on both: chronyc tracking shows what it does";
  if (apart - doubt > 5) return out.bad(text, next), true;
  if (apart - doubt > 0.5) return out.warn(text, next), true;
  return false;
}

// One clock that is far from most others is its host's matter, and hides nothing of the others. The rest are held
// against each other: the slowest against the fastest.
void time_skew(const CheckInput& input, Verdicts& out) {
  std::vector<Told> clocks;
  std::vector<std::string> unknown;
  for (const auto& [host, facts] : input.facts) {
    if (facts.clock && std::isfinite(*facts.clock) && std::isfinite(facts.clock_error))
      clocks.push_back({host, *facts.clock, facts.clock_error});
    else
      unknown.push_back(host);
  }
  if (clocks.empty()) return;
  for (const auto& host : unknown) out.of(host).skip("it does not say what its clock shows");
  const auto said = out.said();
  std::sort(clocks.begin(), clocks.end(), [](const Told& a, const Told& b) { return a.clock < b.clock; });
  const Told middle = clocks[(clocks.size() - 1) / 2];
  const auto far = [&](const Told& t) { return std::abs(t.clock - middle.clock) - t.error - middle.error > 5; };
  if (clocks.size() > 2) {
    for (const auto& t : clocks)
      if (far(t)) tell_apart(t, middle, out.of(t.host));
    std::erase_if(clocks, far);
  }
  if (clocks.size() < 2 || tell_apart(clocks.front(), clocks.back(), out) || out.said() != said) return;
  const Told &slow = clocks.front(), &fast = clocks.back();
  out.ok(fmt::format("clocks agree to {:.2f} s", std::max(fast.clock - slow.clock, fast.error + slow.error)));
}

void machine_id_unique(const CheckInput& input, Verdicts& out) {
  std::map<std::string, std::string> ids;
  for (const auto& [host, facts] : input.facts) ids[host] = facts.machine_id;
  tell_shared(ids, "machine-id", "on all but one: rm /etc/machine-id && systemd-machine-id-setup", out);
}

constexpr std::size_t kIdBytes = 4096;  // of a file that says who a host is

void data_unique(const CheckInput& input, Verdicts& out) {
  std::map<std::string, std::map<std::string, std::string>> ids;  // what -> host -> id
  for (const auto& i : input.desired.instances) {
    const auto seen = input.observed.hosts.find(i.host);
    const auto wanted = i.checks.find("data.unique");
    if (seen == input.observed.hosts.end() || wanted == i.checks.end()) continue;
    for (const auto& [what, path] : wanted->second)
      if (const auto found = seen->second.files.find(path); found != seen->second.files.end())
        ids[what + " (" + path + ")"][i.host] = found->second.content.substr(0, kIdBytes);
  }
  for (const auto& [what, by_host] : ids)
    tell_shared(by_host, what, "hosts made from one image: remove the file on all but one", out);
}

}  // namespace

void add_host_rules(Rules& rules) {
  rules.each.insert(
      {{"os.family", {os_family, {&fact::os}}},
       {"os.arch", {os_arch, {&fact::arch}}},
       {"kernel.version", {kernel_version, {&fact::kernel}}},
       {"cgroup.version", {cgroup_version, {&fact::cgroups}}},
       {"selinux.mode", {selinux_mode, {&fact::selinux}}},
       {"disk.space", {disk_space, {&fact::disks}}},
       {"disk.inodes", {disk_inodes, {&fact::disks}}},
       {"disk.persistent", {disk_persistent, {&fact::disks}}},
       {"data.owner", {data_owner, {&fact::disks}}},
       {"memory", {memory, {&fact::memory}}},
       {"swap", {swap, {&fact::memory, &fact::sysctls}}},
       {"sysctl", {sysctl, {&fact::sysctls}}},
       {"sysctl.advice", {sysctl_advice, {&fact::sysctls}}},
       {"ulimit.nofile", {ulimit_nofile, {&fact::engine}}},
       {"time.sync", {time_sync, {&fact::container, &fact::programs, &fact::time_services, &fact::init}}}});
  rules.across.insert({{"time.skew", {time_skew}},
                       {"machine_id.unique", {machine_id_unique, {&fact::machine_id}}},
                       {"data.unique", {data_unique}}});
}

}  // namespace cctl
