// An app that crashes, looked at by those who come later: a status, and an up that finds nothing to do.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "apply/observe.hpp"
#include "catch.hpp"
#include "cluster.hpp"
#include "plan/app_pulse.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

Task<void> look(World& world, const Desired& desired, InstanceHealth& out) {
  const ConnectLimits limits;
  Hosts hosts = co_await connect_all(world, desired.hosts, limits);
  const std::map<std::string, std::vector<std::string>> no_ids;
  const AlsoAsked nothing;
  const Looks looks = co_await observe_all(hosts, desired, no_ids, nothing);
  const Observed& observed = looks.observed;
  std::vector<InstanceHealth> all = co_await probe_all(hosts, desired);
  hold_against_pulses(all, desired, observed);
  for (const auto& health : all)
    if (health.component == "/web") out = health;
}

InstanceHealth web_of(World& world, const Desired& desired) {
  asio::io_context loop;
  InstanceHealth out;
  std::exception_ptr failed;
  asio::co_spawn(loop, look(world, desired, out), [&](std::exception_ptr e) { failed = e; });
  loop.run();
  if (failed) std::rethrow_exception(failed);
  return out;
}

}  // namespace

TEST_CASE("an app that crashes again and again is ready at no moment, and is told with why") {
  Wish wish;
  wish.web = R"({"id": "/web", "cmd": "exit 3"})";
  World w = world(wish);
  CHECK(up(w, wish).exit == 9);
  for (int n = 0; n < 40; ++n) {
    w.time += std::chrono::milliseconds(317);
    const InstanceHealth web = web_of(w, desired(wish));
    CHECK_FALSE(web.ready);
    CHECK(web.known);
    CHECK(web.seen.find("its last task ended on d with TASK_FAILED: Command exited with status 3") !=
          std::string::npos);
  }
  // A Marathon that does not say what time it has leaves it open.
  w.marathon.tells_time = false;
  const InstanceHealth unsure = web_of(w, desired(wish));
  CHECK_FALSE(unsure.ready);
  CHECK_FALSE(unsure.known);
}

TEST_CASE("an app that runs is ready, whatever Marathon says of the time") {
  Wish wish;
  wish.web = R"({"id": "/web", "cmd": "x"})";
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  CHECK(web_of(w, desired(wish)).ready);
  w.marathon.tells_time = false;
  CHECK(web_of(w, desired(wish)).ready);
}

TEST_CASE("a host that is off and not needed stops no run over the others, whatever they are chosen by") {
  struct Row {
    const char* what;
    std::set<std::string> off, limit, components;
    int exit;
  };
  for (const Row& row : {
           Row{"a slave is off, the ensemble is chosen", {"e"}, {}, {"zk"}, 0},
           Row{"a slave is off, the others are chosen", {"e"}, {"a", "b", "c", "d"}, {}, 0},
           Row{"a master is off, the app is chosen", {"a"}, {}, {"app"}, 0},
           Row{"a master is off, a slave is chosen", {"a"}, {"d"}, {"app"}, 0},
           Row{"a slave is off, and its component is chosen", {"e"}, {}, {"app"}, 4},
           Row{"a slave is off, and is chosen", {"e"}, {"e"}, {}, 4},
           Row{"a slave is off, and all are wanted", {"e"}, {}, {}, 4},
       }) {
    INFO(row.what);
    Running cluster;
    for (const auto& host : row.off) cluster.w.machines.at(host).reachable = false;
    cluster.wish.app_config = "two";
    RunOptions options;
    options.diff.limit = row.limit;
    options.diff.components = row.components;
    CHECK(run(cluster.w, desired(cluster.wish), options).exit == row.exit);
  }
}
