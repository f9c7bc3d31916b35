// What is there: on the hosts, as they were seen. Plain values.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/absence.hpp"
#include "model/app_state.hpp"
#include "model/engine_way.hpp"
#include "model/manifest.hpp"
#include "model/prepare.hpp"

namespace cctl {

struct ObservedContainer {
  std::string id;    // the engine's
  std::string name;  // without the leading slash
  std::string image;
  std::string image_id;
  std::string state;  // running, exited, created, restarting, paused, dead
  std::string since;  // the engine's words: "Up 3 hours"
  std::map<std::string, std::string> labels;

  std::string get(const char* label_name) const;
};

struct ObservedFile {
  bool exists = false;
  std::string digest;         // sha256 of the content
  std::string mode;           // octal text with leading zero
  std::string owner;          // uid:gid
  std::string content;        // only of small text files that were asked for with their content
  bool is_directory = false;  // with something in it
  bool unread = false;        // its content was asked for, but it is too large or cannot be read
  std::string link = {};      // who laid it: a symbolic link in a directory of others, which nobody follows
  std::string barred = {};    // what on the way to it is such a link: whether it is there is not known
};

// One thing that lies in a directory.
struct ObservedEntry {
  std::string name;
  char kind = 'f';     // f, d, l (a link, which nobody follows), o
  bool empty = false;  // a file without a byte
};

// What Marathon says of an app.
struct ObservedApp {
  bool exists = false;
  std::string digest;   // of the label that we set; empty: not ours
  std::string version;  // of the component that it is; empty: of an app of the inventory's own
  std::string image;
  int instances = 0;
  AppPulse pulse;
  std::string definition = {};  // as its Marathon tells it, with what that adds; empty: too long to be kept
};

struct ObservedHost {
  std::string name;
  bool reachable = false;
  std::string error;  // why it could not be observed
  int exit_code = 4;  // what the error ends a run with
  Absence absence = Absence::away;
  std::string login_prints;  // what the login shell prints before our commands
  std::string docker_host;   // where the inventory says that its engine listens; empty: where engines do
  std::string engine_version;
  std::string engine_error;  // why no Docker engine answers
  bool engine_off = false;   // it is known that none runs; else one that gives no answer could not be asked
  std::string engine_log;    // its last words, while it does not run
  std::vector<EngineObstacle> engine_way;        // what keeps it from starting, where it gives no answer
  std::string engine_info;                       // what it says of its settings, as JSON, where that was asked for
  bool docker_installed = false;                 // whether it answers or not
  std::vector<ObservedContainer> containers;     // all of them, ours and others'
  std::set<std::string> images;                  // repository:tag present on the host
  std::map<std::string, std::string> image_ids;  // of these
  std::map<std::string, ObservedFile> files;     // the paths that were asked for
  std::map<std::string, std::vector<ObservedEntry>> entries;  // of the directories that were asked for
  Manifest manifest;
  std::vector<std::string> claims;  // what its manifest says of paths that no component has: nothing is done there
  std::vector<Prepared> prepared;
  bool prepared_damaged = false;            // there is such a list, and it cannot be read
  std::map<std::string, ObservedApp> apps;  // the ids that were asked for, where Marathon answered
  std::string holder;                       // the run that holds the lease there, in its own words; empty: none
};

// "slave1 is unreachable: no answer in 3 s", of a host that could not be observed.
std::string why_absent(const ObservedHost& host);

struct Observed {
  std::map<std::string, ObservedHost> hosts;
};

}  // namespace cctl
