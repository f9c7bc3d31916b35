// Hosts, containers and files in memory, and services that serve while their containers run with the right files. State
// outlives a program that is killed; what the program does is counted, and the n-th operation can fail or be its last.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apply/doors.hpp"
#include "marathon.hpp"

namespace cctl::fake {

// The program's death: nothing catches it, and no operation follows it.
struct Killed {};

enum class Mishap { none, fail_before, fail_after, kill, kill_half_put };

struct Container {
  std::string id, name;
  ContainerSpec spec;
  std::string image_id;  // of what stood under its image's tag when it was made
  std::string state = "created", policy = "unless-stopped";
  std::map<std::string, std::string> read;  // files under its mounts, as they were when it started
  std::chrono::milliseconds started{0};
  int restarts = 0, exit_code = 0;
};

struct Machine {
  bool reachable = true;
  std::map<std::string, FileSpec> files;
  std::set<std::string> directories{"/etc", "/var", "/var/lib"};
  std::vector<Container> containers;
  // By their tags: the id of each.
  std::map<std::string, std::string> images;
  std::vector<std::string> commands;  // of preparations, in order
  std::set<std::string> failing;      // of these
  std::string engine_from;            // no engine answers before this command has run
  bool engine_dead = false;           // it does not start with the settings that it has
  bool engine_lists_ended = false;    // as running: its disk was full when they ended
  bool engine_silent = false;         // nobody knows: it gives no answer in time
  std::string way;                    // what its engine's place has in it, as the script of engine_way.hpp tells it
  std::string dies_of;                // what kills it when it is told of it
  std::string refuses;                // what else its settings may not hold, in this version
  std::string engine_has = "{}";      // the settings that it has taken in
  std::string engine_root;            // where the engine keeps what it has, as it was started last
  std::string facts;                  // what it answers to the checks' look at it
  std::string unasked;                // why its probes cannot be put; empty: they can
  double clock_ahead = 0;             // seconds
  const void* lock = nullptr;         // the connection that holds it
  std::string holder;

  Container* find(const std::string& id_or_name);
};

// How the instances of a component behave in this world.
struct Behaviour {
  bool ensemble = false;
  std::string needs;                       // serves only while that component has a serving member
  std::chrono::milliseconds warm_up{300};  // from start to serving
};

class World : public Network, public Clock {
 public:
  std::map<std::string, Machine> machines;
  std::map<std::string, Behaviour> behaviours;
  std::map<std::string, std::set<std::string>> members;  // component -> hosts that the ensemble was made of
  std::set<std::string> unpullable;
  std::map<std::string, int> pushed_again;  // tag -> how often: each time it is another image
  Marathon marathon;
  std::vector<std::string> log;           // "stop a zk": what was done, in order
  std::vector<std::string> broken_rules;  // serving majorities that were stopped, data that was forgotten
  bool guarded = true;                    // whether stopping one breaks a rule: not when all goes down
  std::chrono::milliseconds time{0};

  // Mishap at the n-th operation of the next run.
  void plan_mishap(Mishap what, int at) { mishap_ = what, mishap_at_ = at, operations_ = 0, dead_ = false; }
  int operations() const { return operations_; }
  std::function<void(const std::string& operation)> on_operation;
  // How long an operation is on its way.
  std::function<std::chrono::milliseconds(const std::string&)> takes;
  // After its effect. What was under way when `tide` changes is logged as "... (sent before)".
  std::function<void()> after_operation;
  int tide = 0;

  bool serves(const std::string& host, const std::string& component);
  std::string leader(const std::string& component);
  void elect(const std::string& component, const std::string& host) { leaders_[component] = host; }

  Task<std::unique_ptr<HostDoor>> connect(Host host, std::chrono::milliseconds timeout) override;
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::time_point(time); }
  Task<void> sleep(std::chrono::milliseconds length) override;

  // For the doors: each operation is begin(), its effect, end().
  Task<void> begin(std::string what);
  void end();
  bool dies_in_put() const { return mishap_ == Mishap::kill_half_put && operations_ == mishap_at_; }
  void die() { dead_ = true; }

  // What a host's engine has under the tag from now on; what runs stays what it was.
  void fetch(const std::string& host, const std::string& image);
  void start(const std::string& host, Container& container);
  // A host's engine takes its settings in: with another root it has nothing of what it had.
  void restart_engine(const std::string& host);
  // Stopping a serving member must leave a serving majority.
  void about_to_stop(const std::string& host, const Container& container);
  std::string component_of(const Container& container) const;

 private:
  bool up(const std::string& host, const std::string& component);
  bool has_majority(const std::string& component);
  void take_part(const std::string& component);

  Mishap mishap_ = Mishap::none;
  int mishap_at_ = 0, operations_ = 0;
  bool dead_ = false;
  std::map<std::string, std::string> leaders_;
};

}  // namespace cctl::fake
