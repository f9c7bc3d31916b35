// A fact is a name, a snippet of shell and a parser. Who wants to know something of a host names facts; one script asks
// for all of them in one exchange (look/look.hpp). Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "look/request.hpp"

namespace cctl {

using TextLines = std::vector<std::string>;

struct Answered {
  const TextLines& lines;                          // that the snippet printed
  const std::map<std::string, TextLines>& others;  // every section of the answer: a snippet may begin some of its own
  const LookRequest& asked;
};

struct Fact {
  const char* name;
  // POSIX sh, coreutils or busybox, awk and /proc. It runs as one of many in one shell, with the functions of
  // model/walk_script.hpp and m(), which begins a section: it sets what it uses, and leaves no option set. Processes
  // cost more than anything else: the shell reads what it can itself; but numbers below /proc/sys only answer to one
  // read, and dash reads byte by byte.
  const char* snippet;
  // False: the host did not say. Throws Error where the answer makes no sense.
  bool (*read)(const Answered& told, Looked& out);
  TextLines (*arguments)(const LookRequest&) = nullptr;  // the snippet's "$@"
  const Fact* after[2] = {};                             // whose variables it uses
};

namespace fact {

// machine.cpp
extern const Fact uid, sshd, arch, os, kernel, hostname, machine_id, container, packages, init, memory, cgroups,
    selinux, sysctls, disks;
// links.cpp
extern const Fact resolved, addresses, routes, neighbours, links, nameservers;
// processes.cpp
extern const Fact programs, sockets, time_services;
// engine.cpp
extern const Fact engine_installed, engine, engine_settings, engine_off, loop_storage, engine_package;
// firewall.cpp
extern const Fact firewall, forward_rules;
// kept.cpp, files.cpp: what an observation is made of
extern const Fact manifest, holder, prepared, entries, files;

}  // namespace fact

// What `out` asks of every host that is observed, besides what else it names.
void ask_observation(LookRequest& out);

}  // namespace cctl
