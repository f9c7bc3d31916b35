// What does not go well: bad images and files, refusals, Ctrl-C, a second run.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::string image_of(World& w, const std::string& host, const std::string& component) {
  const auto* c = w.machines.at(host).find("cctl-c-" + component);
  return c ? c->spec.image : "none";
}

// Requests the stop when the n-th step starts.
struct StopAt : RunListener {
  std::stop_source source;
  int left;
  explicit StopAt(int n) : left(n) {}
  void step_started(const Step&) override {
    if (--left == 0) source.request_stop();
  }
};

// A verdict that no ensemble of three fulfils.
Desired with_two_leaders(const Wish& wish) {
  Desired out = desired(wish);
  for (auto& component : out.components)
    if (component.component == "zk") component.health.back().equals = "1";
  return out;
}

}  // namespace

TEST_CASE_METHOD(Running, "a container that ended and is listed as running is named, with what starts it") {
  fake::Container& c = *w.machines.at("d").find("cctl-c-app");
  c.state = "exited";
  c.exit_code = 101;
  w.machines.at("d").engine_lists_ended = true;
  const Ended ended = up(w, wish);
  CHECK(ended.plan.nothing_to_do());
  CHECK(ended.exit == 9);
  REQUIRE(ended.proof);
  CHECK(ended.proof->last.host == "d");
  CHECK(
      ended.proof->last.seen ==
      "the container is exited; health: connection refused; it ended with exit code 101, though the engine lists it as "
      "running: docker start cctl-c-app on d");
}

TEST_CASE_METHOD(Running, "an image that never gets healthy is rolled back, and the roll stops there") {
  const std::string before = snapshot(w);
  Wish bad = wish;
  bad.zk_version = "2.0-bad";
  bad.zk_config = "two";
  const Ended ended = up(w, bad);
  CHECK(ended.exit == 7);
  CHECK(snapshot(w) == before);
  CHECK(all_serve(w, desired(wish)));
  CHECK(w.broken_rules.empty());
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.component == "zk");
  CHECK(f.what == "did not become healthy in 60s");
  CHECK(f.wanted == "srvr: mode leader or follower or standalone");
  CHECK(f.saw.find("connection refused") != std::string::npos);
  CHECK(f.log == std::vector<std::string>{"last line of zk:2.0-bad"});
  CHECK(f.state.find("the old container runs again") != std::string::npos);
  CHECK(f.next.find("clusterctl up") != std::string::npos);
  int skipped = 0;
  for (const auto& step : ended.report.steps) skipped += step.outcome == Outcome::skipped;
  CHECK(skipped == 2);
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE_METHOD(Running, "a bad image in a wave that goes at once is rolled back on every host") {
  const std::string before = snapshot(w);
  Wish bad = wish;
  bad.app_version = "2.0-bad";
  const Ended ended = up(w, bad);
  CHECK(ended.exit == 7);
  CHECK(ended.report.failures.size() == 2);
  CHECK(snapshot(w) == before);
}

TEST_CASE_METHOD(Running, "a file that breaks a member is put back") {
  const std::string before = snapshot(w);
  Wish bad = wish;
  bad.zk_config = "broken";
  CHECK(up(w, bad).exit == 7);
  CHECK(snapshot(w) == before);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE("a first start that never gets healthy is left for its log, and later waves are not begun") {
  Wish wish;
  wish.zk_version = "1.0-bad";
  World w = world(wish);
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 9);
  CHECK(image_of(w, "a", "zk") == "zk:1.0-bad");
  CHECK(image_of(w, "d", "app") == "none");
  REQUIRE(ended.report.failures.size() == 3);
  CHECK(ended.report.failures[0].log.size() == 1);
  CHECK(ended.report.failures[0].next.find("clusterctl logs zk -l a") == 0);
  wish.zk_version = "1.0";
  RunOptions back;
  back.diff.allow_downgrade = true;
  CHECK(run(w, desired(wish), back).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE_METHOD(Running, "nobody is stopped while another member is down") {
  w.machines.at("b").reachable = false;
  w.machines.at("b").find("cctl-c-zk")->state = "exited";
  w.log.clear();
  wish.zk_config = "two";
  RunOptions options;
  options.diff.limit = {"a", "c", "d", "e"};
  CHECK(run(w, desired(wish), options).error.find("would leave 1 of 3 healthy") != std::string::npos);
  options.heedless = true;
  const Ended ended = run(w, desired(wish), options);
  CHECK(ended.exit == 8);
  CHECK(w.broken_rules.empty());
  for (const auto& line : w.log) CHECK(line.rfind("restart", 0) != 0);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].saw.find("would leave 1 of 3 healthy") != std::string::npos);
}

TEST_CASE("members that are ready while their ensemble is not are told so, with what is missing") {
  Wish wish;
  World w = world(wish);
  const Ended ended = run(w, with_two_leaders(wish));
  CHECK(ended.exit == 9);
  REQUIRE(ended.report.failures.size() == 3);
  CHECK(ended.report.failures[0].what == "is ready, but zk as a whole was not healthy in 60s");
  CHECK(ended.report.failures[0].wanted == "1 with mode follower: saw 2");
  CHECK(ended.report.steps.back().text.find("not begun") == 0);
}

TEST_CASE_METHOD(Running, "an ensemble that was broken as a whole before is asked for after the last member only") {
  wish.zk_version = "2.0";
  const Ended ended = run(w, with_two_leaders(wish));
  CHECK(ended.exit == 9);
  for (const char* host : {"a", "b", "c"}) CHECK(image_of(w, host, "zk") == "zk:2.0");
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].what == "did not become healthy in 60s after zk changed");
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "files that cannot be written change nothing, and no log is shown for it") {
  const std::string before = snapshot(w);
  w.on_operation = [&](const std::string& what) {
    if (what.find("main.cfg") != std::string::npos) throw Unchanged("writing files failed, nothing was changed: full");
  };
  wish.zk_config = "two";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 1);
  CHECK(snapshot(w) == before);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].log.empty());
  CHECK(ended.report.failures[0].state.find("nothing was changed on ") == 0);
  w.on_operation = nullptr;
  CHECK(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE("an unreachable host stops the run before it has begun") {
  Wish wish;
  World w = world(wish);
  w.machines.at("e").reachable = false;
  CHECK(up(w, wish).exit == 4);
}

TEST_CASE_METHOD(Running, "a member that dies while the roll goes on stops it") {
  w.on_operation = [&](const std::string& what) {
    if (what == "remove c cctl-c-zk.previous") w.machines.at("b").find("cctl-c-zk")->state = "exited";
  };
  wish.zk_version = "2.0";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 8);
  CHECK(image_of(w, "a", "zk") == "zk:1.0");
  CHECK(w.broken_rules.empty());
  w.on_operation = nullptr;
  CHECK(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE_METHOD(Running, "a member that is lost while another is changed is named") {
  w.elect("zk", "c");
  w.on_operation = [&](const std::string& what) {
    if (what == "start b cctl-c-zk") w.machines.at("a").find("cctl-c-zk")->state = "exited";
  };
  wish.zk_version = "2.0";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 7);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].host == "b");
  CHECK(ended.report.failures[0].saw.find("zk on a: ") != std::string::npos);
  w.on_operation = nullptr;
  CHECK(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE_METHOD(Running, "a member that is out for a moment is waited for, not refused") {
  w.elect("zk", "c");
  w.on_operation = [&](const std::string& what) {
    if (what == "remove b cctl-c-zk.previous")
      w.machines.at("a").find("cctl-c-zk")->started = w.time + std::chrono::seconds(8);
  };
  wish.zk_version = "2.0";
  CHECK(up(w, wish).exit == 0);
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "nobody is stopped in the middle of an election") {
  bool served = false;
  w.on_operation = [&](const std::string& what) {
    if (what == "remove b cctl-c-zk.previous")
      for (const char* host : {"a", "c"})
        w.machines.at(host).find("cctl-c-zk")->started = w.time + std::chrono::seconds(8);
    if (what == "stop c cctl-c-zk") served = w.serves("c", "zk") && w.serves("b", "zk");
  };
  wish.zk_version = "2.0";
  CHECK(up(w, wish).exit == 0);
  CHECK(served);
}

TEST_CASE("after an interrupted change a bad image goes back to the last container that was ready") {
  for (const std::string second : {"2.0", "2.0-bad"}) {
    Wish wish;
    World w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    wish.zk_version = second;
    w.on_operation = [&](const std::string& what) {
      if (what == "probe b cctl-c-zk" && image_of(w, "b", "zk") == "zk:" + second) w.plan_mishap(Mishap::kill, 1);
    };
    CHECK(up(w, wish).killed);
    w.on_operation = nullptr;
    w.plan_mishap(Mishap::none, 0);
    w.time += std::chrono::seconds(1);
    REQUIRE(w.machines.at("b").containers.size() == 2);
    wish.zk_version = "3.0-bad";
    CHECK(up(w, wish).exit == 7);
    CHECK(image_of(w, "b", "zk") == (second == "2.0" ? "zk:2.0" : "zk:1.0"));
    CHECK(w.machines.at("b").containers.size() == 1);
    CHECK(w.broken_rules.empty());
  }
}

TEST_CASE("the first Ctrl-C finishes the running step, and a rerun does the rest") {
  for (int n = 1; n <= 9; ++n) {
    Wish wish;
    World w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    wish.zk_version = wish.app_version = "2.0";
    StopAt stop(n);
    RunOptions options;
    options.listener = &stop;
    options.stop = stop.source.get_token();
    const Ended ended = run(w, desired(wish), options);
    INFO("at step " << n);
    CHECK(ended.exit == 130);
    for (const auto& [name, machine] : w.machines) CHECK(machine.containers.size() == 1);
    CHECK(all_serve(w, desired(wish)));
    CHECK(w.broken_rules.empty());
    CHECK(up(w, wish).exit == 0);
    CHECK(up(w, wish).plan.nothing_to_do());
  }
}

TEST_CASE("a second run at the same time is told who holds the lease") {
  Wish wish;
  World w = world(wish);
  Ended second;
  bool begun = false;
  w.on_operation = [&](const std::string& what) {
    if (begun || what.rfind("pull a", 0) != 0) return;
    begun = true;
    second = up(w, wish);
  };
  CHECK(up(w, wish).exit == 0);
  CHECK(second.exit == 5);
  CHECK(second.error.find("me@here, pid 1, up, since now") != std::string::npos);
  CHECK(up(w, wish).exit == 0);
}

TEST_CASE_METHOD(Running, "a lost lease stops the run before its next step") {
  w.on_operation = [&](const std::string& what) {
    if (what != "remove b cctl-c-zk.previous") return;
    w.machines.at("a").lock = w.machines.at("b").lock = nullptr;
  };
  wish.zk_version = "2.0";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 6);
  CHECK(image_of(w, "b", "zk") == "zk:2.0");
  CHECK(image_of(w, "c", "zk") == "zk:1.0");
  w.on_operation = nullptr;
  CHECK(up(w, wish).exit == 0);
}

TEST_CASE_METHOD(Running, "a lease that is lost within a step ends it there: another run may be at work") {
  const std::string at = GENERATE("stop b cctl-c-zk", "rename b cctl-c-zk", "create b cctl-c-zk");
  CAPTURE(at);
  bool lost = false;
  std::vector<std::string> after;
  w.on_operation = [&](const std::string& what) {
    if (lost && (what.starts_with("stop") || what.starts_with("rename") || what.starts_with("remove") ||
                 what.starts_with("create") || what.starts_with("start") || what.starts_with("put")))
      after.push_back(what);
    if (!what.starts_with(at)) return;
    lost = true;
    w.machines.at("a").lock = w.machines.at("b").lock = nullptr;
  };
  wish.zk_version = "2.0";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 6);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].state.find("the lease was lost") != std::string::npos);
  CHECK(lost);
  CHECK(after.empty());
  w.on_operation = nullptr;
  CHECK(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE_METHOD(Running, "a step that fails before it has changed anything is no rollback") {
  w.on_operation = [&](const std::string& what) {
    if (what.rfind("put b", 0) == 0) throw Error("no space left");
  };
  Wish bad = wish;
  bad.zk_version = "2.0";
  bad.zk_config = "two";
  const std::string before = snapshot(w);
  const Ended ended = up(w, bad);
  CHECK(ended.exit == 1);
  CHECK(snapshot(w) == before);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].saw == "no space left");
  CHECK(ended.report.failures[0].state == "nothing was changed on b");
  CHECK(ended.report.failures[0].log.empty());
}

TEST_CASE("down keeps data and puts back what was replaced; purge leaves nothing") {
  Wish wish;
  World w = world(wish);
  auto& d = w.machines.at("d");
  d.directories.insert({"/etc/app", "/etc/app/conf"});
  d.files["/etc/app/conf/main.cfg"] = {"/etc/app/conf/main.cfg", "theirs", "0640", "5:6", OnChange::none, false};
  const std::string nothing = snapshot(w);
  REQUIRE(up(w, wish).exit == 0);
  wish.app_config = "two";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(d.files.at("/etc/app/conf/main.cfg").content == "two");
  RunOptions down;
  down.down = true;
  w.log.clear();
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(std::count_if(w.log.begin(), w.log.end(), [](const auto& line) { return line.starts_with("tidy "); }) == 5);
  CHECK(data_kept(w, wish));
  for (const auto& [name, machine] : w.machines) CHECK(machine.containers.empty());
  CHECK(d.files.at("/etc/app/conf/main.cfg").content == "theirs");
  CHECK(d.files.at("/etc/app/conf/main.cfg").mode == "0640");
  CHECK(d.files.at("/etc/app/conf/main.cfg").owner == "5:6");
  CHECK(w.machines.at("e").files.count("/etc/app/conf/main.cfg") == 0);
  CHECK(run(w, desired(wish), down).plan.nothing_to_do());
  REQUIRE(up(w, wish).exit == 0);
  CHECK(data_kept(w, wish));
  down.purge = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(snapshot(w) == nothing);
}
