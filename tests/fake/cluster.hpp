// A small cluster for the fake world (an ensemble "zk", an "app" that needs it, each with files and data) and whole
// runs against it, the very run of the commands.
#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "plan/diff.hpp"
#include "run/run.hpp"
#include "world.hpp"

namespace cctl::fake {

struct Wish {
  std::vector<std::string> masters{"a", "b", "c"}, slaves{"d", "e"};
  std::string zk_version = "1.0", app_version = "1.0";
  std::string zk_config = "one", app_config = "one";  // "broken" never serves
  bool zk_begins = false;                             // its members are told that they begin an ensemble
  RollOrder app_order = RollOrder::parallel;
  OnChange app_on_change = OnChange::restart;
  int app_port = 8000;
  std::string app_extra;            // of a second file, which it takes in by a reload; empty: there is none
  std::string settings;             // of the service "engine" of every host, as JSON; empty: it is left alone
  std::string web;                  // definition of an app that Marathon runs; empty: none
  std::vector<std::string> others;  // definitions of more apps
  std::string web_config;           // a file of the host "a" that its tasks read
};
Desired desired(const Wish& wish);
// The world in which that cluster can live; nothing runs yet.
World world(const Wish& wish);

struct Ended {
  bool killed = false;
  std::string error;  // what ended the run before apply
  int exit = 0;
  Plan plan;  // as it was shown
  Report report;
  std::optional<Proof> proof;
};

// A state that a run goes on to after the one that it is begun with.
struct LaterLeg {
  std::string title, reason;
  Desired desired;
};

struct RunOptions {
  bool down = false, purge = false;
  bool heedless = false;    // carries out what the plan refuses, to see whether the run refuses it, too
  std::vector<Wave> first;  // preparations, put before the plan's own waves
  DiffOptions diff;
  std::string title;            // of the first leg
  std::vector<LaterLeg> later;  // legs after it
  std::stop_token stop;
  RunListener* listener = nullptr;
};
Ended run(World& world, const Desired& desired, RunOptions options = {});
Ended up(World& world, const Wish& wish);
// As `clusterctl status` has it.
Status status_now(World& world, const Desired& desired);

// What most tests begin with: the cluster of a plain wish, up.
struct Running {
  Running();

  Wish wish;
  World w;
};

// Everything on the hosts that must not depend on how it came about.
std::string snapshot(const World& world);
// Whether every instance serves.
bool all_serve(World& world, const Desired& desired);
// Whether each data directory of `wish` still has what its service wrote.
bool data_kept(const World& world, const Wish& wish);

}  // namespace cctl::fake
