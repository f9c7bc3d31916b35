#include "model/check.hpp"

#include <algorithm>

namespace cctl {
namespace {

constexpr bool error = true, warning = false;
constexpr bool across = true, each = false;
constexpr bool quick = true, slow = false;
constexpr bool asked = true, always = false;

}  // namespace

const std::vector<CheckKind>& check_kinds() {
  static const std::vector<CheckKind> all = {
      {"ssh.reachable", error, each, quick, always, "a login works", ""},
      {"ssh.quiet", warning, each, quick, always, "the login shell prints nothing before a command", ""},
      {"ssh.root", error, each, quick, always, "commands run as root, directly or through sudo", ""},
      {"ssh.sessions", error, each, slow, always, "sshd of a master allows a session beside that of a run's lock", ""},
      {"ssh.probes", error, each, slow, always,
       "health can be asked for: by a forwarding of sshd's, or a program there", ""},
      {"os.family", warning, each, quick, always, "a Debian, Ubuntu or Enterprise Linux that is not too old", ""},
      {"os.arch", error, each, quick, always, "x86_64, which the catalogue's images are made for", ""},
      {"kernel.version", error, each, quick, always, "Linux 3.10 or later", ""},
      {"cgroup.version", error, each, quick, asked, "the control groups that a component works with are mounted", ""},
      {"selinux.mode", warning, each, quick, always, "SELinux lets containers use the engine's socket", ""},
      {"disk.space", error, each, quick, always, "room for images, and for data", ""},
      {"disk.inodes", warning, each, quick, always, "room for more files", ""},
      {"disk.persistent", error, each, quick, always, "data directories are on a disk, not in memory", ""},
      {"data.owner", error, each, quick, always, "data that is there belongs to the user that its component runs as",
       ""},
      {"memory", warning, each, quick, asked, "enough memory, and no more promised to containers than there is", ""},
      {"swap", warning, each, quick, asked, "memory of a component is not swapped out",
       "sets vm.swappiness, now and at boot"},
      {"sysctl", error, each, quick, asked, "kernel settings without which a component fails",
       "sets them, now and at boot"},
      {"sysctl.advice", warning, each, quick, asked, "kernel settings that a component is better off with",
       "sets them, now and at boot"},
      {"ulimit.nofile", warning, each, quick, asked, "containers may open enough files", ""},
      {"time.sync", warning, each, quick, always, "a time service runs", "starts the one that is installed"},
      {"time.skew", error, across, slow, always, "clocks agree: a warning from 0.5 s on, an error from 5 s on", ""},
      {"machine_id.unique", warning, across, quick, always, "no two hosts have one machine-id, as clones do", ""},
      {"data.id", error, each, quick, always, "the file that says which member a host is holds a number of its own",
       ""},
      {"data.unique", error, across, quick, asked, "no two hosts have one id in their data, as clones do", ""},
      {"files.foreign", warning, each, slow, always, "nothing of others lies where a component has its configuration",
       ""},
      {"files.kept", warning, each, quick, always, "what clusterctl keeps on the host can be read", ""},
      {"docker.way", error, each, quick, always, "nothing is left where an engine that does not run is to start",
       "removes an empty directory, and the number of a process that is no engine"},
      {"docker.running", error, each, quick, always, "the Docker engine answers", "starts its service"},
      {"docker.version", error, each, quick, always, "Docker 1.10 or later, which pulls today's images", ""},
      {"docker.wanted", error, each, quick, asked, "a version of Docker that a component works with", ""},
      {"docker.daemon_json", error, each, quick, always,
       "daemon.json can be read, and says nothing that a flag of dockerd says", ""},
      {"docker.live_restore", warning, each, quick, always, "containers outlive a restart of the engine", ""},
      {"docker.storage", warning, each, quick, always, "no devicemapper on a loop device", ""},
      {"docker.names", error, each, quick, always,
       "no other container has a name of ours, or one that would be taken for a task", ""},
      {"images.pullable", error, each, slow, always, "each image is there, or the engine can find it in its registry",
       ""},
      {"ports.free", error, each, quick, always, "TCP ports are free, or held by the container that is to have them",
       ""},
      {"ports.udp", error, each, quick, asked, "UDP ports are free, or held by the container that is to have them", ""},
      {"ports.range", warning, each, quick, asked, "ports for tasks are not those of outgoing connections", ""},
      {"ip.local", error, each, quick, always, "the ip of a host is one of its own addresses", ""},
      {"ip.unique", error, across, quick, always, "the ip of a host is no other host's address", ""},
      {"hostname.resolve", warning, each, quick, always, "the host's own name resolves, and not to a loopback address",
       ""},
      {"hostname.unique", error, across, quick, always, "no two hosts have one name", ""},
      {"net.mesh", error, across, slow, always,
       "hosts whose components talk to each other reach each other's TCP ports", ""},
      {"net.mtu", warning, across, quick, always, "interfaces that hosts talk over have one MTU", ""},
      {"firewall.backend", warning, each, quick, always, "a firewall that runs has not thrown Docker's rules away", ""},
      {"resolv.conf", warning, each, quick, always, "at most three name servers, and one that containers can reach",
       ""},
      {"vip.network", error, each, quick, asked, "a virtual address lies in a network of the host", ""},
      {"vip.free", error, each, slow, asked, "nobody else has the virtual address", ""},
      {"vrid.unique", error, each, slow, asked, "nobody else speaks VRRP with the router id, listened for 3 s", ""},
  };
  return all;
}

const CheckKind* find_check(const std::string& name) {
  const auto& all = check_kinds();
  const auto found = std::find_if(all.begin(), all.end(), [&](const CheckKind& k) { return k.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const char* to_text(Verdicted v) {
  switch (v) {
    case Verdicted::ok:
      return "ok";
    case Verdicted::warn:
      return "warning";
    case Verdicted::fail:
      return "failed";
    case Verdicted::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace cctl
