// Desired and observed state, and the plan that leads from one to the other. All plain values.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "model/engine_way.hpp"
#include "model/inventory.hpp"
#include "model/playbook.hpp"
#include "model/prepare.hpp"
#include "model/probe.hpp"
#include "model/spec.hpp"

namespace cctl {

// The members of an ensemble: host -> "ID@ADDRESS PORT:NUMBER ...", id 0 where there are none.
using Members = std::map<std::string, std::string>;

// Where the value of a flag is told to a program.
struct KeptFlag {
  std::string name, variable, argument, file;
};

// One component on one host, fully rendered.
struct Instance {
  std::string host;
  std::string component;
  std::string version;
  std::string ip;
  int member_id = 0;  // 0: the component has no ids
  MemberData member_data;
  MemberList member_list;
  std::map<std::string, std::string> env_files;
  std::vector<DirectorySpec> directories;
  std::vector<FileSpec> files;
  ContainerSpec container;
  std::string spec_digest;  // sha256 of the canonical container spec
  std::string spec_json;    // the canonical spec, kept in the manifest so that a later plan can say what changed
  std::vector<Probe> probes;
  std::vector<std::string> leader_is;                          // rendered LeaderRule::is
  std::map<std::string, std::string> listed_as;                // verdict index (text) -> rendered `as`
  std::map<std::string, std::vector<std::string>> verdict_is;  // verdict index -> rendered `is`
  std::vector<std::string> reload, cleanup;
  std::vector<Transition> transitions;  // env rendered
  ServiceSpec service;
  AppSpec app;
  std::string guests;                        // prefix of the names of containers that it runs for others
  bool guests_lost = false;                  // they die with its own container
  std::string guests_beside;                 // end of the names of those that stand beside a guest of their own
  std::vector<KeptFlag> kept;                // flags that it refuses to start without
  std::string kept_refused;                  // what happens then
  std::map<std::string, std::string> flags;  // as it is given them, wherever they come from
  std::vector<Opening> task_ports;           // of what it runs for others
  std::vector<Opening> openings;             // what it wants let in by the host's firewall
  std::map<std::string, int> ports;          // of this instance
  std::map<std::string, std::map<std::string, std::string>> checks;  // those it asks for, arguments rendered
  Members members;                                                   // of its ensemble, where a majority counts

  bool has_container() const { return !container.image.empty(); }
};

// What is the same for all instances of a component.
struct ComponentPlan {
  std::string component;
  std::string version;
  std::string version_key;
  std::string image;
  std::vector<std::string> needs, after;
  std::vector<Verdict> health;
  LeaderRule leader;
  Rollout rollout;
  std::chrono::seconds gate_timeout{60};
  std::map<std::string, int> ports;
  bool service = false;  // settings of a service of the host, on which every container there depends
};

// What a playbook may have on a host, wanted there or not.
struct OwnedPath {
  std::string component;
  std::string path;        // as a shell pattern, where it depends on the inventory
  bool directory = false;  // with all that is in it
  bool data = false;
  std::string input = {};  // the inventory's key that its component is handed whole
};

// What was read on a host and cannot be used: its mending is the host's, not the inventory's.
struct HostFault {
  std::string host, component;
  std::string what;   // "/var/lib/zookeeper/myid holds \"x\", not a number from 1 to 255"
  std::string next;   // what mends it: "on m1: mv /var/lib/zookeeper/myid /var/lib/zookeeper/myid.old; ..."
  bool known = true;  // false: it could not be read, so that nobody knows
  std::string in_words() const { return component + " on " + host + ": " + what + "; " + next; }
};

struct Desired {
  std::string cluster;
  std::string inventory_file;
  std::vector<Host> hosts;
  std::vector<Instance> instances;        // sorted by start order, then host order
  std::vector<ComponentPlan> components;  // in start order
  std::vector<std::string> warnings;
  std::vector<OwnedPath> owned;   // by all playbooks
  std::vector<HostFault> faults;  // of hosts, found while it was made

  const Instance* find(const std::string& host, const std::string& component) const;
  const ComponentPlan* component(const std::string& name) const;
  std::vector<const Instance*> of(const std::string& component) const;
};

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

// What a host's manifest remembers (/var/lib/clusterctl/CLUSTER/manifest.json).
struct ManifestFile {
  std::string digest;                   // sha256 of what we wrote
  std::optional<std::string> replaced;  // base64 of the bytes that stood there before us
  std::string replaced_mode, replaced_owner;
  Merge merge = Merge::none;
  std::string part;       // merged: our part of it
  bool in_place = false;  // put back as it was written
};
// What stood in place of a file before a change that has not passed its gate yet.
struct PendingFile {
  std::optional<std::string> replaced;  // base64; none: there was no file
  std::string mode, owner;
  bool in_place = false;
};
struct Manifest {
  std::map<std::string, ManifestFile> files;  // path -> what we wrote
  std::map<std::string, std::map<std::string, std::string>>
      applied;                                                // component -> path -> digest its container has read
  std::map<std::string, std::string> specs;                   // component -> canonical spec last created
  std::map<std::string, std::vector<std::string>> data_dirs;  // component -> directories with data
  std::set<std::string> made_dirs;                            // directories that were not there before us
  std::map<std::string, std::map<std::string, PendingFile>> pending;  // component -> path -> the way back
  std::map<std::string, Members> members;  // component -> the ensemble that its container was made for
  std::map<std::string, std::map<std::string, std::string>>
      ids;                          // component -> id -> "HOST ADDRESS" that was given it; outlives the member
  std::set<std::string> beginning;  // components made as members of a new ensemble, whose gate has not passed yet
  bool damaged = false;             // there is one, and it cannot be read: nothing of the above is known
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
};

struct ObservedHost {
  std::string name;
  bool reachable = false;
  std::string error;         // why it could not be observed
  int exit_code = 4;         // what the error ends a run with; 4: it could not be reached
  std::string login_prints;  // what the login shell prints before our commands
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
  std::map<std::string, ObservedApp> apps;  // the ids that were asked for, where Marathon answered
  std::string holder;                       // the run that holds the lease there, in its own words; empty: none
};

// "slave1 is unreachable: no answer in 3 s", of a host that could not be observed.
std::string why_absent(const ObservedHost& host);

struct Observed {
  std::map<std::string, ObservedHost> hosts;
};

// Probe results of one instance.
struct InstanceHealth {
  std::string host, component;
  std::vector<ProbeResult> probes;
  bool known = true;   // false: a probe could not be put, and none that could said no
  bool ready = false;  // every probe ok
  bool leader = false;
  std::string seen;  // one line
};

// What the verdicts say of one component, and whether it can lose a member.
struct ComponentHealth {
  std::string component;
  bool healthy = false;  // every member is ready and every verdict holds
  // The same for the members that could be asked, when these are a majority, strangers among them or not: what a gate
  // waits for.
  bool holds = false;
  bool unsure = false;               // it does not hold, but all who could be asked are ready, and somebody could not
  bool led = true;                   // no verdict about a single leader is broken
  int asked = 0;                     // members of which it is known whether they are ready
  std::vector<std::string> wanting;  // what does not hold, in words: "exactly one of 3 has mode leader: saw 0"
  int members = 0, ready = 0, tolerates = 0;
  std::string leader_host;
};

enum class Action {
  none,
  pull,
  create,
  recreate,
  start,
  restart,
  reload,
  write,
  deploy,
  remove,
  release,
  prepare,
  put_back
};
const char* to_text(Action v);

// One file that a step writes, with what stands there now (for the diff).
struct FileChange {
  FileSpec wanted;
  bool exists = false;
  std::string before;  // content now, when it is known
  bool write = true;   // false: the bytes are right already but the container has not read them
  std::string part;    // a merged file: our part of wanted.content
  bool gone = false;   // nobody wants it any more: what stood there before us comes back, or nothing
  std::string before_mode = {}, before_owner = {};  // of what stands there now
  std::string link = {};                            // what stands there is a symbolic link that others laid: who
};

// One thing that a new container has otherwise than the old one: flag offer_timeout, from 300000 to 310000.
struct SpecChange {
  std::string field;                         // flag, env, mounts, image ...
  std::string name;                          // of the flag or variable; empty: the field has no names
  std::optional<std::string> before, after;  // none: it was not there, or is no longer
};

struct Step {
  int wave = 0;
  std::string host;
  std::string component;
  Action action = Action::none;
  std::string reason;
  std::vector<FileChange> files;
  std::vector<SpecChange> changes;               // recreate: what differs, secrets left out
  std::string image;                             // pull
  std::map<std::string, std::string> extra_env;  // of a transition between versions, or a first start
  bool begins = false;                           // create: as a member of a new ensemble
  std::string previous_id;                       // container to replace or remove
  std::string previous_name;                     // of an app: its id, where it is or may be there
  bool interrupts = false;                       // stops a serving member
  bool destroys = false;                         // remove: with data
  std::vector<std::string> purged;               // the directories that go with it
  bool unproven = false;                         // an earlier run changed it and did not see its gate pass
  std::string down;                              // the state of its container, where that does not run
  std::string unknown;                           // why nobody knows whether it is there already; empty: it is known
  std::vector<std::string> empties;              // changed keys that give a host's service another, empty world
  bool starts_empty = false;                     // a member without data, while others of its ensemble have theirs
  int others_serve = -1;                         // members of its ensemble that serve meanwhile; -1: no majority counts
  int guests_lost = 0;                           // containers run for others that die with it
  // prepare, put_back: `component` is the item, and these run on the host; `undo` is kept there for put_back.
  std::vector<std::vector<std::string>> commands, undo;
  bool engine = false;  // the host's Docker engine, which may not run yet, is to answer afterwards
};

struct Wave {
  int number = 0;
  std::string title;      // "zookeeper   1 at a time, leader last"
  std::string component;  // empty: pulls, removals
  RollOrder order = RollOrder::parallel;
  bool quorum = false;
  std::vector<Step> steps;
  std::vector<std::string> gate;  // components whose health must hold after it (itself and its dependents)
  std::chrono::seconds timeout{60};
};

struct PlanSummary {
  int hosts = 0, instances = 0, create = 0, change = 0, remove = 0, as_wanted = 0, prepare = 0;
  int unseen = 0;   // hosts that could not be observed: what they need is not in the plan
  int unknown = 0;  // instances of which nobody could be asked whether they are there
};

struct Stray {
  std::string host, container, component;
};

// Why a plan must not be applied, with the exit code it means.
struct Refusal {
  int exit_code = 8;
  std::string text;
};

struct Plan {
  std::string cluster;
  Desired desired;
  std::vector<Wave> waves;
  std::vector<Step> unchanged;  // every no-op carries its reason, too
  std::vector<Stray> strays;
  std::vector<std::string> warnings;
  std::vector<Refusal> refusals;
  std::vector<std::string> foreign;  // what lies in directories of ours and is nobody's here
  std::vector<std::string> faults;   // what is wrong on the hosts, and no step puts right
  PlanSummary summary;
  bool down = false, purge = false;

  bool nothing_to_do() const { return waves.empty(); }
};

}  // namespace cctl
