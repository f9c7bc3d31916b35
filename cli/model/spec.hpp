// What should be there on a host: files, directories and one container per instance.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/container_settings.hpp"

namespace cctl {

enum class OnChange { recreate, restart, reload, none };
const char* to_text(OnChange v);

// How a file of ours meets one that is already there. none: ours replaces it. json: our keys go into its object, our
// list elements before its own, nothing else is lost. first_lines: our lines stand first.
enum class Merge { none, json, first_lines };
const char* to_text(Merge v);

struct FileSpec {
  std::string path;
  std::string content;
  std::string mode = "0644";  // octal text
  std::string owner = "0:0";  // numeric uid:gid
  OnChange on_change = OnChange::restart;
  bool once = false;  // written when missing, never changed afterwards (an id on disk wins)
  Merge merge = Merge::none;
  bool in_place = false;  // written into, not renamed over: a mount, a link, /proc/sys
  bool absent = false;    // it is to be removed
  std::vector<std::string> reload_keys =
      {};  // merge json: a change of these keys alone asks for a reload, not a restart
  // merge json: key -> its usual value, of those that give the service another, empty world ("a.b": b inside a).
  std::map<std::string, std::string> empties_keys = {};
  std::map<std::string, std::string> key_notes = {};  // merge json: key -> what a change of it takes along
  // merge json: key -> the map whose keys its value is one of, and other words that it may be ("runtimes, runc, io.*").
  std::map<std::string, std::string> named_keys = {};
};

struct DirectorySpec {
  std::string path;
  std::string mode = "0755";
  std::string owner = "0:0";
  bool data = false;    // outlives `down` unless --purge-data
  bool config = false;  // it is of configuration alone, all of which is ours
  bool ours = false;    // we made it: what its image or an older clusterctl left too open is closed
};

struct ContainerSpec : ContainerSettings<Always> {
  std::string name;   // cctl-CLUSTER-COMPONENT
  std::string image;  // full reference
  std::map<std::string, std::string> env;
  std::vector<std::string> mounts;            // as model/mount.hpp has them
  std::vector<std::string> publish;           // host:container[/udp], bridge only
  std::map<std::string, std::string> labels;  // ours are added by expand
};

// A service of the host itself, which a component without a container sets up: the commands that make it read its
// files. Those that fail print why.
struct ServiceSpec {
  std::vector<std::string> reload;   // fails when its program did not take its files in
  std::vector<std::string> restart;  // starts it, too, where it does not run
  std::vector<std::string> accepts;  // fails when its program would refuse the file that is its input
  std::vector<std::string> alive;    // fails when its program has ended; empty: nobody knows
  std::vector<std::string> log;      // prints its last words
  // Key of a merged file -> where the engine's own answer (GET /info) shows what it has of it, as a JSON pointer.
  std::map<std::string, std::string> shown;

  bool used() const { return !reload.empty() || !restart.empty(); }
  // Whether it is the host's Docker engine itself.
  bool is_engine() const { return !shown.empty(); }
};

// An app that Marathon keeps running. Asked of the first of `addresses` that answers; any Marathon passes it on to the
// leader. The definition carries the label `clusterctl.spec` with the digest of all of it but the number of instances.
struct AppSpec {
  std::string id;       // "/web"
  std::string json;     // the definition, canonical
  std::string through;  // the component that keeps it running
  int instances = 1;
  std::vector<std::string> addresses;
  int port = 0;
};

// Labels on every container of ours.
namespace label {
inline constexpr const char* cluster = "clusterctl.cluster";
inline constexpr const char* component = "clusterctl.component";
inline constexpr const char* version = "clusterctl.version";
inline constexpr const char* spec = "clusterctl.spec";          // sha256 of the canonical container spec
inline constexpr const char* stand_in = "clusterctl.stand-in";  // set by an image that only imitates
}  // namespace label

}  // namespace cctl
