// What is wanted: every component on every host, rendered. Plain values.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/members.hpp"
#include "model/playbook.hpp"
#include "model/prepare.hpp"
#include "model/probe.hpp"
#include "model/resource.hpp"
#include "model/spec.hpp"

namespace cctl {

// One component on one host, fully rendered.
struct Instance {
  std::string host;
  std::string component;
  std::string version;
  std::string ip;
  Resource resource;  // what it is; all else is the same for every kind
  int member_id = 0;  // 0: the component has no ids
  MemberData member_data;
  MemberList member_list;
  std::string goes_by;  // its name among its like, which nobody else gets while it runs; empty: it has none
  std::vector<DirectorySpec> directories;
  std::vector<FileSpec> files;
  std::string spec_digest;  // sha256 of the canonical spec
  std::string spec_json;    // the canonical spec, kept in the manifest so that a later plan can say what changed
  std::vector<Probe> probes;
  std::vector<std::string> leader_is;                                // rendered LeaderRule::is
  std::map<std::string, std::string> listed_as;                      // verdict index (text) -> rendered `as`
  std::map<std::string, std::vector<std::string>> verdict_is;        // verdict index -> rendered `is`
  std::map<std::string, std::string> flags;                          // as it is given them, wherever they come from
  std::vector<Opening> task_ports;                                   // of what it runs for others
  std::vector<Opening> openings;                                     // what it wants let in by the host's firewall
  std::map<std::string, int> ports;                                  // of this instance
  std::map<std::string, std::map<std::string, std::string>> checks;  // those it asks for, arguments rendered
  Members members;                                                   // of its ensemble, where a majority counts

  // Null where it is of another kind.
  const Container* container() const { return std::get_if<Container>(&resource); }
  const ServiceSpec* service() const { return std::get_if<ServiceSpec>(&resource); }
  const AppSpec* app() const { return std::get_if<AppSpec>(&resource); }
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

}  // namespace cctl
