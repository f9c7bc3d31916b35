// Whole runs that go well, and what they must not touch.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

int count(const World& world, const std::string& verb) {
  return static_cast<int>(std::count_if(world.log.begin(), world.log.end(),
                                        [&](const std::string& line) { return line.rfind(verb + " ", 0) == 0; }));
}

// Hosts in the order in which `verb` was done to the component.
std::string order(const World& world, const std::string& verb, const std::string& component) {
  std::string out;
  for (const auto& line : world.log)
    if (line.rfind(verb + " ", 0) == 0 && line.find("cctl-c-" + component) != std::string::npos)
      out += line.substr(verb.size() + 1, line.find(' ', verb.size() + 1) - verb.size() - 1);
  return out;
}

}  // namespace

TEST_CASE("up from nothing makes everything healthy; up again changes nothing") {
  const Wish wish;
  World w = world(wish);
  const Ended first = up(w, wish);
  CHECK(first.error.empty());
  REQUIRE(first.exit == 0);
  CHECK(all_serve(w, desired(wish)));
  CHECK(data_kept(w, wish));
  CHECK(first.report.steps.size() == 10);
  const std::string before = snapshot(w);
  const Ended second = up(w, wish);
  CHECK(second.exit == 0);
  CHECK(second.plan.nothing_to_do());
  CHECK(snapshot(w) == before);
}

TEST_CASE_METHOD(Running, "an upgrade goes one at a time, leader last, and leaves no old container") {
  w.elect("zk", "b");
  w.log.clear();
  wish.zk_version = wish.app_version = "2.0";
  const Ended ended = up(w, wish);
  REQUIRE(ended.exit == 0);
  CHECK(order(w, "stop", "zk") == "acb");
  CHECK(w.broken_rules.empty());
  CHECK(all_serve(w, desired(wish)));
  CHECK(data_kept(w, wish));
  for (const auto& [name, machine] : w.machines) CHECK(machine.containers.size() == 1);
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE_METHOD(Running, "a leader that moves in the middle is still last") {
  w.elect("zk", "c");
  w.log.clear();
  // After the first member, a, has changed, leadership moves to b.
  w.on_operation = [&](const std::string& what) {
    if (what == "remove a cctl-c-zk.previous") w.elect("zk", "b");
  };
  wish.zk_version = "2.0";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(order(w, "stop", "zk") == "acb");
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "a changed file restarts only what reads it") {
  w.log.clear();
  wish.app_config = "two";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(order(w, "restart", "app") == "de");
  CHECK(order(w, "restart", "zk").empty());
  CHECK(count(w, "stop") == 0);
  CHECK(count(w, "create") == 0);
  CHECK(w.machines.at("d").find("cctl-c-app")->read.at("/etc/app/conf/main.cfg") == "two");
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("a file that only asks for a reload restarts nothing") {
  Wish wish;
  wish.app_on_change = OnChange::reload;
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  w.log.clear();
  wish.app_config = "two";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(order(w, "exec", "app") == "de");
  CHECK(count(w, "restart") == 0);
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("a member removed by hand comes back, and nobody else is touched") {
  const Wish wish;
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  const std::string before = snapshot(w);
  w.machines.at("b").containers.clear();
  w.log.clear();
  REQUIRE(up(w, wish).exit == 0);
  CHECK(snapshot(w) == before);
  CHECK(count(w, "start") == 1);
  CHECK(count(w, "stop") == 0);
}

TEST_CASE_METHOD(Running, "a missing member is created before another is restarted") {
  w.machines.at("b").containers.clear();
  wish.zk_config = "two";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.broken_rules.empty());
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE("an ensemble that does not serve at all is repaired") {
  Wish wish;
  wish.zk_config = "broken";
  World w = world(wish);
  CHECK(up(w, wish).exit == 9);
  w.machines.at("b").containers.clear();
  wish.zk_config = "good";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 0);
  CHECK(all_serve(w, desired(wish)));
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("ensembles of one and two change although nobody could replace them") {
  for (const auto& masters : {std::vector<std::string>{"a"}, std::vector<std::string>{"a", "b"}}) {
    Wish wish;
    wish.masters = masters;
    World w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    wish.zk_version = "2.0";
    CHECK(up(w, wish).exit == 0);
    CHECK(all_serve(w, desired(wish)));
  }
}

TEST_CASE_METHOD(Running, "an image that cannot be pulled stops the run before anything has changed") {
  const std::string before = snapshot(w);
  wish.zk_version = wish.app_version = "2.0";
  w.unpullable = {"app:2.0"};
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 3);
  CHECK(snapshot(w) == before);
  REQUIRE(ended.report.failures.size() == 2);
  CHECK(ended.report.failures[0].wanted == "app:2.0");
  CHECK(ended.report.failures[0].saw.find("not found") != std::string::npos);
}

TEST_CASE_METHOD(Running, "what to do about an image that cannot be pulled goes by what was seen") {
  struct Row {
    Error error;
    int exit;
    const char* next;
  };
  const std::string again = "; then clusterctl up again";
  for (const Row& row :
       {Row{Error("write /var/lib/docker/tmp/1: no space left on device"), 3, "make room"},
        Row{Error("Get https://registry-1.docker.io/v2/: dial tcp: lookup on 10.0.0.2:53: no such host"), 3,
            "let the host reach Docker Hub"},
        Row{Error("manifest for app:2.0 not found"), 3, "Docker Hub has no such image"},
        Row{Error("docker: no answer in 120 s", 3), 3, "clusterctl check tells more of its engine"},
        Row{Unreachable("d has not answered for 60 s"), 4, "bring it back"}}) {
    CAPTURE(row.next);
    const std::string before = snapshot(w);
    wish.app_version = "2.0";
    w.on_operation = [&row](const std::string& operation) {
      if (operation.rfind("pull d", 0) != 0) return;
      if (row.exit == 4) throw Unreachable(row.error.what());
      throw row.error;
    };
    const Ended ended = up(w, wish);
    CHECK(ended.exit == row.exit);
    CHECK(snapshot(w) == before);
    REQUIRE(ended.report.failures.size() == 1);
    const Failure& failure = ended.report.failures[0];
    CHECK(failure.state == "nothing was changed");
    CHECK_THAT(failure.next, Catch::Matchers::StartsWith(row.next) && Catch::Matchers::EndsWith(again));
  }
}

TEST_CASE_METHOD(Running, "an ensemble gets other members only when it was taken down") {
  const std::string before = snapshot(w);
  Wish other = wish;
  other.masters = {"a", "b"};
  other.slaves = {"c", "d", "e"};
  CHECK(up(w, other).exit == 8);
  CHECK(snapshot(w) == before);
  RunOptions down;
  down.down = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(up(w, other).exit == 0);
  CHECK(all_serve(w, desired(other)));
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "an image that is fetched anew and is the same touches nobody") {
  RunOptions options;
  options.diff.pull = true;
  const std::string before = snapshot(w);
  w.log.clear();
  const Ended ended = run(w, desired(wish), options);
  CHECK(ended.error.empty());
  CHECK(ended.exit == 0);
  CHECK(count(w, "pull") == 5);
  CHECK(ended.report.steps.size() == 5);
  for (const char* verb : {"stop", "restart", "create", "start", "remove", "put"}) CHECK(count(w, verb) == 0);
  CHECK(snapshot(w) == before);
  REQUIRE(ended.proof);
  CHECK(ended.proof->good);
}

TEST_CASE_METHOD(Running, "an image that is another under its tag is fetched, and runs once that was shown") {
  RunOptions options;
  options.diff.pull = true;
  w.elect("zk", "b");
  const std::string before = snapshot(w), old = w.machines.at("a").images.at("zk:1.0");
  w.pushed_again["zk:1.0"] = 1;
  w.log.clear();
  const Ended fetched = run(w, desired(wish), options);
  CHECK(fetched.exit == 10);
  CHECK_THAT(fetched.error, Catch::Matchers::StartsWith("the images were fetched, and nothing else was changed: ") &&
                                Catch::Matchers::EndsWith(" zk: recreate, zk:1.0 is another image now than the one it "
                                                          "runs; next: clusterctl up, which shows what that means"));
  CHECK(count(w, "pull") == 5);
  for (const char* verb : {"stop", "restart", "create", "start", "remove", "put"}) CHECK(count(w, verb) == 0);
  CHECK(snapshot(w) == before);
  for (const auto& host : wish.masters) CHECK(w.machines.at(host).find("cctl-c-zk")->image_id == old);
  // Nobody who does not ask for it is given it.
  CHECK(up(w, wish).plan.nothing_to_do());
  w.log.clear();
  CHECK(run(w, desired(wish), options).exit == 0);
  CHECK(order(w, "stop", "zk") == "acb");
  CHECK(order(w, "stop", "app").empty());
  CHECK(w.broken_rules.empty());
  for (const auto& host : wish.masters) {
    const Machine& machine = w.machines.at(host);
    CHECK(machine.containers.size() == 1);
    CHECK(machine.containers[0].image_id == machine.images.at("zk:1.0"));
    CHECK(machine.containers[0].image_id != old);
  }
  CHECK(data_kept(w, wish));
  CHECK(run(w, desired(wish), options).report.steps.size() == 5);
}
