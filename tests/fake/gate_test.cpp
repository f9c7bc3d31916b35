// When waiting ends early, and what is told then.
#include <regex>

#include "apply/crash.hpp"
#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;
using std::chrono::seconds;

TEST_CASE("a container for which waiting is of no use is told from one that may yet come") {
  struct Case {
    std::string state;
    int restarts, exit_code;
    bool oom;
    int restarts_before;
    bool ended_before;
    std::string why;
  };
  const std::vector<Case> cases{
      {"running", 0, 0, false, 0, false, ""},
      {"running", 2, 0, false, 0, false, ""},
      {"running", 6, 0, false, 0, false, "it crashed 6 times"},
      {"running", 9, 0, false, 5, false, ""},
      {"created", 0, 0, false, 0, false, ""},
      {"missing", 0, 0, false, 0, false, ""},
      {"restarting", 1, 1, false, 0, false, ""},
      {"restarting", 2, 1, false, 0, false, ""},
      {"restarting", 3, 1, false, 0, false, "it crashed 3 times, the last time with exit code 1"},
      {"restarting", 3, 0, false, 0, false, "it crashed 3 times, the last time with exit code 0"},
      {"restarting", 9, 1, false, 7, false, ""},
      {"restarting", 10, 134, false, 7, false, "it crashed 3 times, the last time with exit code 134"},
      {"restarting", 1, 127, false, 0, false, "it ended with exit code 127 (its command is not in the image)"},
      {"restarting", 1, 126, false, 0, false, "it ended with exit code 126 (its command cannot be run)"},
      {"restarting", 1, 125, false, 0, false, "it ended with exit code 125 (the engine could not start it)"},
      {"restarting", 1, 137, true, 0, false, "it was killed because its memory did not suffice (exit code 137)"},
      {"running", 1, 137, true, 0, false, ""},
      {"exited", 0, 1, false, 0, false, ""},
      {"exited", 0, 1, false, 0, true, "it ended with exit code 1 and is not started again"},
      {"dead", 0, 0, false, 0, true, "it ended with exit code 0 and is not started again"},
  };
  for (const auto& c : cases) {
    ContainerInfo info;
    info.state = c.state;
    info.restarts = c.restarts;
    info.exit_code = c.exit_code;
    info.oom_killed = c.oom;
    CrashWatch watch{c.restarts_before, c.ended_before};
    CAPTURE(c.state, c.restarts, c.exit_code);
    CHECK(why_hopeless(info, watch) == c.why);
    CHECK(watch.ended == (c.state == "exited" || c.state == "dead"));
  }
}

TEST_CASE_METHOD(Running, "a container that crashes again and again is not waited for") {
  struct Case {
    std::string version, what;
  };
  const std::vector<Case> cases{
      {"2.0-bad-crash", "does not run: it crashed [34] times, the last time with exit code 1"},
      {"2.0-bad-crash-127", "does not run: it ended with exit code 127 \\(its command is not in the image\\)"},
      {"2.0-bad-crash-oom", "does not run: it was killed because its memory did not suffice \\(exit code 137\\)"},
      {"2.0-bad", "did not become healthy in 60s"}};
  const std::string before = snapshot(w);
  for (const auto& c : cases) {
    const auto from = w.time;
    Wish bad = wish;
    bad.zk_version = c.version;
    const Ended ended = up(w, bad);
    CAPTURE(c.version);
    CHECK(ended.exit == 7);
    REQUIRE(ended.report.failures.size() == 1);
    CHECK(std::regex_match(ended.report.failures[0].what, std::regex(c.what)));
    CHECK(ended.report.failures[0].log.size() == 1);
    CHECK((w.time - from < seconds(15)) == (c.version != "2.0-bad"));
    CHECK(snapshot(w) == before);
  }
}

TEST_CASE("those that crash on their first start do not keep the others waiting, nor are these given up at once") {
  Wish wish;
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  wish.app_version = "2.0-bad-crash";
  const auto from = w.time;
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 7);
  CHECK(ended.report.failures.size() == 2);
  CHECK(w.time - from < seconds(15));
}

TEST_CASE("an engine that does not start with its new settings is not waited for, and says why") {
  Wish wish;
  wish.settings = R"({"live": true})";
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  const std::string before = snapshot(w);
  const auto from = w.time;
  wish.settings = R"({"live": true, "dns": "fatal"})";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 7);
  CHECK(w.time - from < seconds(15));
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.what == "does not run: its program has ended");
  CHECK(f.log == std::vector<std::string>{"loading", "failed to load: fatal is no setting"});
  CHECK(f.state.find("the old files are back, and it is ready") == 0);
  CHECK(snapshot(w) == before);
}

TEST_CASE("a stop that took force is told, whatever the step") {
  Wish wish;
  wish.zk_version = "1.0-stubborn";
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  wish.zk_version = "2.0";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 0);
  const std::string told = "the old one did not end when asked to and was stopped by force after 10s";
  int times = 0;
  for (const auto& step : ended.report.steps) times += step.text.find(told) != std::string::npos;
  CHECK(times == 3);
  wish.zk_version = "3.0-stubborn";
  REQUIRE(up(w, wish).exit == 0);
  RunOptions down;
  down.down = true;
  times = 0;
  for (const auto& step : run(w, desired(wish), down).report.steps) times += step.text.find(told) != std::string::npos;
  CHECK(times == 3);
}

TEST_CASE_METHOD(Running, "what is back is told to be ready as one of its ensemble, or what is missing still") {
  w.elect("zk", "c");
  wish.zk_version = "2.0-bad";
  CHECK(up(w, wish).report.failures.at(0).state == "the old container runs again and is ready; the roll stopped here");
  // Meanwhile another member ends for good.
  w.on_operation = [&](const std::string& what) {
    if (what.starts_with("policy") && what.ends_with("cctl-c-zk"))
      w.machines.at("b").find("cctl-c-zk")->state = "exited";
  };
  w.elect("zk", "c");
  const Ended ended = up(w, wish);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].host == "a");
  CHECK(ended.report.failures[0].state.find(
            "the old container runs again and is ready, but zk as a whole is not healthy: ") == 0);
}
