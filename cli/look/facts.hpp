// What a look at a host tells of the machine: plain values. A value says something only where its fact was asked for,
// and is none of `unsaid`.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cctl {

struct Socket {
  bool udp = false;
  std::string address;  // IPv4 text; "*" for all of them, v6 included
  int port = 0;
  std::string holder;          // the program's name; empty: not to be seen
  std::string container = {};  // the engine's id of the container that the program runs in; empty: in none
};

struct Route {
  std::string interface;
  unsigned network = 0, mask = 0;  // in the host's byte order
  bool direct = false;             // without a gateway
};

struct Link {
  std::string name, mac;
  int mtu = 0;
};

struct DiskFacts {
  long long total = 0, free = 0;  // bytes
  long long inodes = 0, inodes_free = 0;
  std::string type;            // tmpfs, ext2/ext3, overlayfs
  long long owner = -1;        // user id of a directory that is there and not empty
  std::set<long long> inside;  // user ids of what lies in it, two levels deep
};

// A chain of nftables that sees what comes in.
struct InputChain {
  std::string family, table, name, policy;
  std::vector<std::string> rules;
};

// Whether `to` answered on a port that `component` is to serve there.
struct Reach {
  std::string to, component, port_name;
  int port = 0;
  bool back = false;  // not known to be needed: some components answer by a connection of their own
  bool answered = false;
  std::string seen;
  bool asked = true;  // false: the host could not put the question; `seen` says why
};

struct Facts {
  std::set<std::string> unsaid;  // names of facts that it was asked for and did not tell: nothing is known of them
  int uid = -1;
  int max_sessions = 0;  // of sshd
  std::string arch, kernel, hostname, machine_id;
  std::string os, os_version, os_like;
  bool container = false;  // a container with its machine's kernel and clock
  bool cgroup_v2 = false;
  std::string packages;               // apt-get, dnf, yum; empty: none that is known
  std::string init;                   // systemd, service; empty: none that is known
  std::vector<std::string> resolved;  // addresses of its own name
  std::set<std::string> addresses;    // its own IPv4 addresses
  std::vector<Route> routes;
  std::map<std::string, std::string> neighbours;  // IPv4 -> MAC of whom the host has found at it
  std::vector<Link> links;
  std::vector<std::string> nameservers;
  long long memory = 0, swap = 0;                // bytes
  std::map<std::string, std::string> cgroup_v1;  // controller -> where it is mounted
  std::vector<Socket> sockets;
  std::map<std::string, std::string> processes;  // number -> name of the program
  std::set<std::string> programs;                // names of everything that runs
  std::vector<std::string> time_services;        // installed
  bool docker_installed = false;
  bool docker_runs = false;
  bool engine_answers = false;  // told by the observation
  bool loop_storage = false;
  std::vector<std::string> docker_flags;
  long long docker_files = -1;  // files that its containers may open
  std::string daemon_json_path;
  std::optional<std::string> daemon_json;  // what it says
  std::string docker_package;              // that yum or dnf has
  std::string engine_unknown;              // why it could not be asked whether one runs; empty: that is known
  std::string selinux, selinux_at_boot;    // Enforcing, Permissive, Disabled, or empty; enforcing, permissive, disabled
  std::set<std::string> services;          // of firewalls, that run, as systemd tells
  bool firewalld = false, ufw = false;     // running
  bool zone_open = false;                  // lets everything in
  std::string zone;                        // firewalld's, of the host's address
  std::string open_now, open_at_boot;      // firewalld's ports and protocols, as it lists them
  std::vector<std::string> ufw_rules;
  std::vector<std::string> iptables;           // iptables -S INPUT
  std::vector<InputChain> chains;              // of nftables, those of iptables left out
  std::vector<std::string> forward_rules;      // iptables -S FORWARD, where there is such a program
  std::map<std::string, std::string> sysctls;  // those asked for and there
  std::map<std::string, DiskFacts> disks;      // by the path that was asked for
  // What takes more than a look; empty when it was not asked.
  std::optional<double> clock;  // seconds ahead of the moment it was asked at, by a clock common to all hosts
  double clock_error = 0;       // half the time that asking took
  std::optional<std::string> probes_asked;    // why probes cannot be put; "": they can
  std::map<std::string, std::string> images;  // reference -> why it cannot be pulled, or ""
  std::vector<Reach> reached;
  std::optional<std::vector<std::string>> vrrp;  // "SPEAKER ROUTER_ID"; none: nobody could listen
};

}  // namespace cctl
