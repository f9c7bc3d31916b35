// What is there beside what is wanted, as people and as programs read it.
#pragma once
#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/health.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "report/terminal.hpp"

namespace cctl {

struct StatusInstance {
  std::string host, component;
  std::string version, wanted_version;  // version is empty when nothing is there
  std::string image;
  std::string state;   // the engine's word, or missing, or unknown
  std::string health;  // healthy, unhealthy, unknown
  std::string since;   // "3d"
  std::string drift;   // why it is not as wanted: the reason of the plan's step, or ""
  std::string seen;    // what the probes saw, when not healthy
  std::string fault;   // what was read on its host and cannot be used
  bool leader = false, standin = false;
  std::vector<ProbeResult> probes;
};

struct StatusHost {
  std::string name, address, error;
  bool reachable = false;
  Absence absence = Absence::away;  // of one that is not
};

struct Ensemble {
  std::string component, title;  // title: the word people use (the version key)
  int members = 0, healthy = 0, tolerates = 0;
  bool led = true;  // false: not exactly one of them leads
  int unasked = 0;  // of which it is not known whether they are healthy
};

struct Status {
  std::string cluster, inventory;  // inventory: the file
  std::string health;              // healthy, degraded, down, unknown
  std::string cause;               // of what is not healthy, in a few words: "slave2 cannot be reached"
  std::vector<StatusHost> hosts;
  std::vector<StatusInstance> instances;
  std::vector<Ensemble> ensembles;
  std::vector<std::string> wanting;  // "mesos-master: exactly one of 3 has mode leader: saw 0"
  std::vector<Stray> strays;
  std::vector<std::string> foreign;    // what lies in configuration directories and is not of the inventory
  std::vector<std::string> forgotten;  // what is kept on hosts and cannot be read
  std::chrono::milliseconds took{0};
};

// `plan` is the diff of the same desired and observed state.
Status make_status(const Plan& plan, const Observed& observed, const std::vector<InstanceHealth>& instances,
                   const std::vector<ComponentHealth>& components, const std::string& health);

std::string status_text(const Status& status, const Look& look);
nlohmann::json status_json(const Status& status);  // schema clusterctl.status/1
std::string status_json_text(const Status& status);

// "prod is healthy: 24 of 24 instances; zookeeper 3/3 (can lose 1), mesos 3/3 (can lose 1)   41s"
std::string health_line(const Status& status, const Look& look);

}  // namespace cctl
