// How one component is run: data read from playbooks/COMPONENT.yml, with the overlays of the wanted version merged in.
// Strings marked (t) are templates in <% %>; expand renders them per instance with unknown names as errors.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/probe.hpp"
#include "model/spec.hpp"
#include "model/version.hpp"

namespace cctl {

// Which hosts get an instance.
struct HostSelector {
  std::vector<std::string> groups;  // masters, slaves, lbs, hosts, all
  std::string except;               // a component: every host of the groups without an instance of it
  int first = 0;                    // only so many of them, in the inventory's order; 0: all
};

// Where the tags of templates stand: a template's text -> the place of each of its <% %>, in order.
using TagMarks = std::map<std::string, std::vector<Mark>>;

// A value made of every instance of the component: `each` (t) rendered per instance, sorted by member, joined.
struct Export {
  std::string each;
  std::string join;
  std::string prefix, suffix;
};

// How the rows that a file is made for each of are asked for, as a template: where that is said is kept by this text.
inline std::string rows_template(const std::string& rows) {
  return "<%#" + rows + "%>";
}

struct PlaybookFile {
  std::string each;     // the name of rows: a file for each of them, whose names its templates have, too
  std::string path;     // (t)
  std::string content;  // (t), read from the template file by load
  std::string template_name;
  std::string mode = "0644", owner = "0:0";
  std::string on_change = "restart";
  bool once = false;
  std::string when;  // (t): written only when this renders to something other than "" and "false"
  std::string merge = "none";
  bool in_place = false;
  std::vector<std::string> reload_keys;
  std::string with;  // (t): a JSON object put over that of the content; nothing while it renders to nothing
  std::map<std::string, std::string> empties_keys, key_notes, named_keys;
  Mark mark;
};

struct PlaybookDirectory {
  std::string path;  // (t); none while it renders to nothing
  std::string mode = "0755", owner = "0:0";
  bool data = false, written = false;
};

// How flags reach the program in each style.
struct FlagStyle {
  std::string env_prefix;            // style env: PREFIX + upper-case name
  std::string arg = "equals";        // --name=value, or "separate": --name value (an empty value is a bare flag)
  std::vector<std::string> as_args;  // always arguments, in either style
  std::string dir;                   // style files: one file per flag
  std::map<std::string, std::string> paths;  // flag -> file elsewhere (/etc/mesos/zk)
  bool by_reference = false;                 // style files: pass file:///path (else the value is passed as well)
  std::vector<std::string> direct;           // flags that do not read file://
  std::map<std::string, std::string> fixed;  // flag that the playbook needs itself -> what to do instead of setting it
  std::string read_env;                      // the program takes PREFIX + name from its environment, too
  std::vector<std::string> as_paths;  // flags that name a file: a value that is no path becomes one, in DIR.files
};

// A map in the inventory (resources, attributes) that becomes one flag.
struct FlagMap {
  std::string pair, join;                    // "rack" + pair + "r1", joined
  std::map<std::string, std::string> kinds;  // name -> what its value may be (model/var_kind.hpp); "*" for all others
};

// Its texts are (t).
struct PlaybookContainer : ContainerSettings<Always> {
  std::vector<std::string> mounts, publish;
  std::map<std::string, std::string> labels;
};

struct PlaybookProbe {
  Probe probe;                                             // port, address, path, query, send, expect: (t) until expand
  std::string port_name;                                   // a name of `ports`
  std::string address;                                     // (t); default "<% ip %>"
  std::map<std::string, std::vector<std::string>> expect;  // (t)
};

// A verdict over the values of all instances.
struct Verdict {
  enum class Kind { exactly_one, agree, count, all_listed, none_else, no_more } kind = Kind::exactly_one;
  std::string value;
  std::vector<std::string> is;  // (t)
  std::string equals;           // count, no_more: "all", "others" (all but one) or a number
  std::string in_component, in_value,
      as;  // all_listed: each instance's `as` (t) is in the union of in_component's in_value
           // none_else: each word of `value` is some instance's `as`

  // Of members that are none of ours: no change of ours brings them about, and none takes them away.
  bool of_strangers() const { return kind == Kind::none_else || kind == Kind::no_more; }
};

// "leader: {value: mode, is: leader}"; `is` (t) may name the instance itself.
struct LeaderRule {
  std::string value;
  std::vector<std::string> is;
};

enum class RollOrder { parallel, one_at_a_time, leader_last };
const char* to_text(RollOrder v);

struct Rollout {
  RollOrder order = RollOrder::one_at_a_time;
  bool quorum = false;  // the others must be a healthy majority before a member stops
};

// What a new container gets besides its spec, or in place of it, when it takes over from one of an older version, or is
// of an ensemble of which nobody has begun yet. Not part of the spec's digest: afterwards the container is as wanted,
// and the next one made for another reason does without.
struct Transition {
  std::string from;                        // versions of the container that is replaced
  std::map<std::string, std::string> env;  // (t)
  std::string why;
  bool first_start = false;  // "state: new" in place of `from`: see plan/first_start.hpp
};

// A service that a component brings to the catalogue of the host it runs on, with the check of it that is made there.
struct Registration {
  std::string name;
  std::string port;               // a name of `ports`
  std::vector<std::string> tags;  // (t)
  std::string check = "tcp";      // tcp, http or https
  std::string check_port;         // a name of `ports`
  std::string path = "/";         // (t) of an http check
  std::string interval = "10s", timeout = "5s";
  Mark mark;
};

// Containers that a component runs for others (Mesos tasks).
struct GuestTasks {
  std::string prefix;  // of their names; empty: it runs none
  std::string lost;    // (t): they die when the component's own container stops, if this renders to "true"
  std::string beside;  // end of the names of containers that stand beside a task's own
};

// Flags whose values a component keeps from its first start on, and refuses to start without.
struct KeptFlags {
  std::vector<std::string> flags;
  std::string refused;  // (t) what happens when one changes, and the way round it
};

// A component that is an app: launched through another component that keeps apps running.
struct PlaybookApp {
  std::string definition;  // (t) Marathon's JSON
  std::string template_name;
  std::string through;  // component
  std::string port;     // name of its port
  Mark mark;

  bool used() const { return !through.empty(); }
};

struct MemberIds {
  bool used = false;
  std::string file;  // (t) the id on disk wins
  int min = 1, max = 255;
};

// What tells that a member of an ensemble has taken part in it: a small file among its data (a member without it, or
// with `nothing` in it, starts empty), or a file that is not empty and has one of the names `holds` in a directory.
struct MemberData {
  std::string file;  // (t)
  std::string nothing;
  std::string directory = {};           // (t) in place of file
  std::vector<std::string> holds = {};  // "*.log"
  // What those that start empty do: they elect each other, or wait for a majority that has data, for ever.
  bool waits = false;

  bool used() const { return !file.empty() || !directory.empty(); }
};

// An ensemble whose data says who its members are: those that are left of them lead nobody unless they are a majority.
struct MemberList {
  std::string file;     // (t) it is there where there is such data
  std::string recover;  // (t) the file that gives it other members at the next start
  std::string each;     // (t) a member's entry in it, in which KEY is what stands in `key`
  std::string key;      // (t) a small file

  bool used() const { return !file.empty(); }
};

// What a program's own settings may be, where vars or variables hold them as an object of JSON.
struct SettingKinds {
  std::vector<std::string> vars, env;
  std::vector<std::string> refused;          // keys that a variable may not hold, since the playbook writes them
  std::map<std::string, std::string> kinds;  // "ports.http" -> boolean, number, text, list, texts, map or any
};

struct Playbook {
  std::string component;
  std::string part_of;      // shares enabled, version and overrides of another component (consul-client: consul)
  std::string version_key;  // name under `versions:` and of the upgrade option
  std::string version;      // the wanted one, merged for
  std::string description;
  bool default_on = false;                         // enabled when the inventory names no versions at all
  std::string input;                               // the inventory's key that enables it and is its `input`, as JSON
  std::map<std::string, std::string> input_kinds;  // key of the input -> what it may be; an unknown key is a mistake
  HostSelector hosts;
  std::vector<std::string> needs;                // components and roles, enabled with it and started before it
  std::vector<std::string> after;                // started before it, where present
  std::vector<std::string> provides;             // roles that it plays, by which others may need it: balancer
  std::map<std::string, std::string> only_with;  // version key -> versions of it that this one works with
  std::string image;                             // key in images/versions.yml
  std::map<std::string, int> ports;
  std::vector<std::string> udp;                  // names of ports that speak UDP as well
  std::vector<std::string> protocols;            // IP protocols beside TCP and UDP: vrrp
  std::string task_ports;                        // (t) "31000-32000": of what it runs for others
  std::string task_ports_flag;                   // the flag whose `ports` say otherwise (Mesos' resources)
  std::vector<std::string> asked_ports;          // names of ports of others, at which they are asked about it
  std::map<std::string, std::string> vars;       // (t)
  std::map<std::string, std::string> var_kinds;  // var -> what it may be: model/var_kind.hpp
  std::map<std::string, std::string> read_by;    // var -> versions that read it; the others pass over it
  std::vector<std::string> alike;                // vars and ports that all instances have the same, its parts' too
  SettingKinds settings;
  std::map<std::string, Export> exports;
  std::map<std::string, std::string> flags;  // (t)
  std::map<std::string, FlagMap> maps;
  std::map<std::string, std::string> known_flags;  // flag -> version range ("" is any); empty map: not checked
  bool takes_flags = false;                        // it speaks of flags at all
  FlagStyle flag_style;
  std::map<std::string, std::string> env;          // (t)
  std::map<std::string, std::string> refused_env;  // name, or start of it and "*" -> why it is not for an inventory
  std::map<std::string, std::string> env_files;    // variable -> (t) file of the host that the image writes it into
  std::vector<PlaybookDirectory> directories;
  std::vector<PlaybookFile> files;
  std::map<std::string, std::string> required;  // var -> what it is for: a mistake while it is empty
  std::map<std::string, std::string> sysctls;   // (t) kernel setting -> value, now and at boot; put back by `down`
  std::string sysctls_from;                     // (t) instead: a JSON object of them
  PlaybookContainer container;
  bool has_container = true;  // false with `service:`, `app:` or `container: none`
  ServiceSpec service;
  PlaybookApp app;
  std::vector<Registration> registers;
  std::string apps_port;  // name of the port that takes the inventory's apps; empty: it runs none
  GuestTasks tasks;
  KeptFlags kept;
  MemberIds member_id;
  MemberData member_data;
  MemberList member_list;
  std::string goes_by;  // (t) its name among its like, which nobody else gets while it runs; empty: it has none
  std::vector<Transition> transitions;
  std::vector<PlaybookProbe> probes;
  std::vector<Verdict> health;
  // Checks that it asks for by name, with what they need to know: {vip.network: {address: "<% vip %>"}}.
  std::map<std::string, std::map<std::string, std::string>> checks;  // arguments (t)
  LeaderRule leader;
  Rollout rollout;
  std::vector<std::string> reload;   // command run in the container when a file says on_change: reload
  std::vector<std::string> cleanup;  // (t) command run on the host when its container has stopped for good
  std::chrono::seconds gate_timeout{60};
  Mark mark;
  TagMarks places;  // of all its templates

  bool has_image() const { return has_container || app.used(); }
};

// images/versions.yml: from catalogue key and version to an image.
struct CatalogueEntry {
  std::string repository;                   // mesosphere/marathon
  std::string tag = "<% version %>";        // (t) for a version that has no row
  std::string fallback;                     // version when the inventory names none
  std::map<std::string, std::string> tags;  // version -> tag, or a full repository:tag
  TagMarks places = {};                     // of `tag`
};
using Catalogue = std::map<std::string, CatalogueEntry>;

}  // namespace cctl
