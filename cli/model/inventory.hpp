// What the person wrote: one YAML file, read by load/. Plain values; every mistake has been reported before this
// exists.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/container_settings.hpp"
#include "model/prepare.hpp"

namespace cctl {

// A place in a file; columns count characters, from 1. line 0 means "no place".
struct Mark {
  std::string file;
  int line = 0;
  int column = 0;
};

enum class HostKeyPolicy { strict, accept_new };

// One machine on the way to a host. What is not said comes from OpenSSH's configuration.
struct JumpHop {
  std::string host;
  std::optional<std::string> user;
  std::optional<int> port;
  std::optional<std::string> key;            // private key file
  std::optional<std::string> password_file;  // of its own: that of the hosts behind it is never offered to it
  std::optional<bool> password_prompt;
};

// Settings merge key by key: host over group over all. An empty optional was not said.
struct SshSettings {
  std::optional<std::string> user;
  std::optional<int> port;
  std::optional<std::string> key;            // private key file, or a .pub that names a key of the agent
  std::optional<bool> agent;                 // use ssh-agent
  std::optional<std::string> password_file;  // first line is the password
  std::optional<bool> password_prompt;       // `password: prompt`
  std::optional<std::vector<JumpHop>> jump;  // the first is dialled first; none at all: straight to the host
  std::optional<std::string> become;         // "sudo" or "none"
  std::optional<HostKeyPolicy> host_key;
  std::optional<std::string> known_hosts;
  std::optional<std::string> config;       // OpenSSH configuration file; "none" turns it off
  std::optional<std::string> docker_host;  // where the engine listens on the host, as DOCKER_HOST says it: unix:///...

  void merge_over(const SshSettings& lower);  // fills what is unset here from `lower`
  std::string docker_socket() const;          // the path that docker_host names, or Docker's usual one
};

// Per component, for every instance or (in a host) for that host alone.
struct ComponentOverrides {
  Mark mark;
  std::optional<bool> enabled;                              // only for every instance
  std::map<std::string, std::optional<std::string>> flags;  // empty optional (YAML null) takes a playbook's flag away
  std::map<std::string, std::string> env;
  std::vector<std::string> mounts;
  std::map<std::string, int> ports;
  std::map<std::string, std::string> vars;
  std::map<std::string, std::map<std::string, std::string>> maps;  // resources, attributes: words the playbook declares
  // By the key; those of maps by "resources.ports", too.
  std::map<std::string, Mark> flag_marks, map_marks, var_marks, port_marks, env_marks;
  std::vector<Mark> mount_marks;       // of each of `mounts`
  ContainerSettings<Maybe> container;  // in place of the playbook's
};

struct Host {
  std::string name;
  std::string address;  // for SSH
  std::string ip;       // what components bind, advertise and call themselves; defaults to address
  std::string group;    // masters, slaves, lbs or hosts
  SshSettings ssh;      // merged: host over group over all
  std::map<std::string, ComponentOverrides> components;
  Mark mark;
};

struct ImageSettings {
  std::string registry;                          // prefix for catalogue images only
  std::map<std::string, std::string> overrides;  // catalogue key or component -> full reference
};

// An app of the inventory, or of a file that it names: Marathon's own JSON.
struct App {
  std::string id;    // with the leading slash
  std::string json;  // as given
  Mark mark;
};

struct Inventory {
  std::string file;  // as given
  std::string cluster;
  std::vector<Host> hosts;                      // all groups, in the file's order
  std::map<std::string, std::string> versions;  // version key -> text
  std::map<std::string, Mark> version_marks;    // of the value, for upgrades that write it in place
  bool versions_given = false;
  std::map<std::string, std::vector<std::string>> place;  // component -> host names
  std::map<std::string, Mark> place_marks;
  std::map<std::string, Mark> key_marks;    // of its own keys: cluster, masters, docker, ...
  std::map<std::string, Mark> image_marks;  // of the keys under images
  std::map<std::string, Mark> ssh_marks;    // of the groups that are given settings of their own
  std::map<std::string, ComponentOverrides> components;
  ImageSettings images;
  std::string style = "env";                  // or "files"
  std::map<std::string, std::string> inputs;  // keys that are handed to a playbook whole (docker), as JSON
  std::vector<App> apps;
  Prepare prepare;

  const Host* find(const std::string& name) const;
};

// Null when none is called so.
const Host* find_host(const std::vector<Host>& hosts, const std::string& name);

}  // namespace cctl
