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
  REQUIRE(ended.plan.first().waves.size() == 2);
  CHECK(ended.plan.first().waves[1].steps.at(0).reason == "not there; starts empty, beside those that have data");
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

TEST_CASE("members of a new ensemble are told so once, however often it is killed, and those that come later are not") {
  Wish wish;
  wish.zk_begins = true;
  const std::string mark = "/var/lib/zk/version/epoch";
  const auto state = [](World& w, const std::string& host) {
    const auto& env = w.machines.at(host).find("cctl-c-zk")->spec.env;
    return env.count("STATE") ? env.at("STATE") : "";
  };
  // Killed when some of them are made: one has left something behind that looks like data of an ensemble.
  bool left = false;
  for (int n = 1;; ++n) {
    INFO("killed at operation " << n);
    World w = world(wish);
    w.on_operation = [&](const std::string& what) {
      if (what == "create a cctl-c-zk") w.machines.at("a").files[mark].content = "1";
    };
    w.plan_mishap(Mishap::kill, n);
    const bool killed = up(w, wish).killed;
    left = left || (w.machines.at("a").files.count(mark) && !w.machines.at("c").find("cctl-c-zk"));
    w.on_operation = {};
    w.broken_rules.clear();
    w.plan_mishap(Mishap::none, 0);
    REQUIRE(up(w, wish).exit == 0);
    for (const char* host : {"a", "b", "c"}) {
      CHECK(state(w, host) == "new");
      CHECK(manifest_from_json(w.machines.at(host).files.at(manifest_path("c")).content).beginning.empty());
    }
    if (killed) continue;
    w.machines.at("b") = {};
    REQUIRE(up(w, wish).exit == 0);
    CHECK(state(w, "b") == "");
    CHECK(up(w, wish).plan.nothing_to_do());
    break;
  }
  CHECK(left);
}
