// Hosts that come back without their data, beside others that still have theirs.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "model/manifest_json.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::size_t line_of(const World& world, const std::string& what) {
  const auto found = std::find(world.log.begin(), world.log.end(), what);
  REQUIRE(found != world.log.end());
  return static_cast<std::size_t>(found - world.log.begin());
}

}  // namespace

TEST_CASE_METHOD(Running, "a host with a new disk is filled by the others") {
  const std::string before = snapshot(w);
  w.machines.at("b") = {};
  w.log.clear();
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 0);
  REQUIRE(ended.plan.waves.size() == 2);
  CHECK(ended.plan.waves[1].steps.at(0).reason == "not there; starts empty, beside those that have data");
  CHECK(snapshot(w) == before);
  CHECK(w.broken_rules.empty());
  CHECK(w.time < std::chrono::seconds(10));  // nobody is waited for in vain
}

TEST_CASE_METHOD(Running, "after a down those with data start first") {
  RunOptions down;
  down.down = true;
  REQUIRE(run(w, desired(wish), down).exit == 0);
  w.machines.at("b") = {};
  w.log.clear();
  const auto from = w.time;
  REQUIRE(up(w, wish).exit == 0);
  CHECK(line_of(w, "start b cctl-c-zk") > std::max(line_of(w, "start a cctl-c-zk"), line_of(w, "start c cctl-c-zk")));
  CHECK(w.broken_rules.empty());
  CHECK(all_serve(w, desired(wish)));
  CHECK(w.time - from < std::chrono::seconds(10));
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE_METHOD(Running, "a majority with new disks is refused before anything is changed") {
  RunOptions down;
  down.down = true;
  REQUIRE(run(w, desired(wish), down).exit == 0);
  w.machines.at("a") = w.machines.at("c") = {};
  const std::string before = snapshot(w);
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 8);
  CHECK(ended.error.find("only b has data: a, c would start empty") != std::string::npos);
  CHECK(snapshot(w) == before);
  // Copied to one of them, it is enough.
  w.machines.at("c").files["/var/lib/zk/version/epoch"].content = "1";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.broken_rules.empty());
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE_METHOD(Running, "an empty member does not complete a majority") {
  w.machines.at("b") = {};
  w.machines.at("c").reachable = false;
  w.machines.at("c").containers.clear();
  RunOptions options;
  options.diff.limit = {"a", "b"};
  CHECK(run(w, desired(wish), options)
            .error.find(
                "refused: zk: b has no data and would start beside 1 of 3 healthy, 2 are needed (not healthy now: c); "
                "bring c back") == 0);
  options.heedless = true;  // the probes say more: one member alone serves nobody
  const Ended ended = run(w, desired(wish), options);
  CHECK(ended.exit == 8);
  REQUIRE(!ended.report.failures.empty());
  CHECK(ended.report.failures[0].saw ==
        "b has no data and would start beside 0 of 3 healthy, 2 are needed (not healthy now: a, c)");
  CHECK(w.machines.at("b").containers.empty());
  CHECK(w.broken_rules.empty());
}

TEST_CASE("members of a new ensemble are told so once, and those that come later are not") {
  Wish wish;
  wish.zk_begins = true;
  World w = world(wish);
  const auto state = [&](const std::string& host) {
    const auto& env = w.machines.at(host).find("cctl-c-zk")->spec.env;
    const auto found = env.find("STATE");
    return found == env.end() ? "" : found->second;
  };
  const auto beginning = [&](const std::string& host) {
    return manifest_from_json(w.machines.at(host).files.at(manifest_path("c")).content).beginning;
  };
  // Killed when one of them is made: what it has left behind is no data of an ensemble.
  w.on_operation = [&](const std::string& what) {
    if (what == "start a cctl-c-zk") w.machines.at("a").files["/var/lib/zk/version/epoch"].content = "1";
  };
  w.plan_mishap(Mishap::none, 0);
  REQUIRE(up(w, wish).exit == 0);
  const int operations = w.operations();
  bool kept = false;
  for (int n = 1; n <= operations; ++n) {
    World again = world(wish);
    again.on_operation = [&](const std::string& what) {
      if (what == "start a cctl-c-zk") again.machines.at("a").files["/var/lib/zk/version/epoch"].content = "1";
    };
    again.plan_mishap(Mishap::kill, n);
    up(again, wish);
    again.plan_mishap(Mishap::none, 0);
    again.on_operation = {};
    again.broken_rules.clear();
    INFO("killed at operation " << n);
    const auto before =
        again.machines.at("a").files.count("/var/lib/zk/version/epoch") && !again.machines.at("b").find("cctl-c-zk");
    kept = kept || before;
    REQUIRE(up(again, wish).exit == 0);
    for (const char* host : {"a", "b", "c"})
      CHECK(again.machines.at(host).find("cctl-c-zk")->spec.env.at("STATE") == "new");
  }
  CHECK(kept);
  for (const char* host : {"a", "b", "c"}) {
    CHECK(state(host) == "new");
    CHECK(beginning(host).empty());
  }
  w.on_operation = {};
  w.machines.at("b") = {};
  REQUIRE(up(w, wish).exit == 0);
  CHECK(state("b").empty());
  CHECK(up(w, wish).plan.nothing_to_do());
}
