// Apps that Marathon runs: deployed, changed, taken back, removed, and waited for by commands of their own.
#include "app_support.hpp"
#include "apply/app_talk.hpp"
#include "catch.hpp"
#include "cluster.hpp"
#include "door.hpp"
#include "plan/app_spec.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

int count(const World& world, const std::string& operation) {
  int n = 0;
  for (const auto& line : world.log) n += line.rfind(operation, 0) == 0;
  return n;
}

}  // namespace

TEST_CASE("an app is deployed, found as wanted, scaled by a change, and removed by down") {
  Wish wish = with_web(R"({"id": "/web", "cmd": "x", "mem": 64})");
  World w = world(wish);
  const Ended first = up(w, wish);
  INFO(first.error);
  REQUIRE(first.exit == 0);
  CHECK(w.marathon.apps.count(kPath) == 1);
  CHECK(up(w, wish).plan.nothing_to_do());
  wish.web = R"({"id": "/web", "cmd": "x", "mem": 64, "instances": 3})";
  const Ended more = up(w, wish);
  CHECK(more.exit == 0);
  REQUIRE(more.plan.first().waves.size() == 1);
  CHECK(more.plan.first().waves[0].steps[0].reason == "instances 1 -> 3");
  CHECK(app_state(w.marathon.apps[kPath].definition).instances == 3);
  RunOptions down;
  down.down = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(w.marathon.apps.empty());
}

TEST_CASE("an app that somebody scaled goes back, and one that somebody else deployed becomes ours") {
  const Wish wish = with_web(R"({"id": "/web", "cmd": "x", "instances": 2})");
  World w = world(wish);
  w.marathon.apps[kPath].definition = R"({"id": "/web", "cmd": "old", "instances": 1})";
  const Ended ours = up(w, wish);
  CHECK(ours.exit == 0);
  CHECK(ours.plan.first().waves.back().steps[0].reason == "was deployed by somebody else; cmd: old -> x");
  HttpCall scale;
  scale.method = "PUT";
  scale.path = kPath;
  scale.body = R"({"instances": 5})";
  w.marathon.answer(scale, w.time);
  const Ended back = up(w, wish);
  CHECK(back.exit == 0);
  CHECK(back.plan.first().waves.back().steps[0].reason == "instances 5 -> 2");
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("an app larger than every slave is not told to Marathon, and what ran before runs on") {
  const Wish small = with_web(R"({"id": "/web", "cmd": "x", "mem": 64})");
  World w = world(small);
  REQUIRE(up(w, small).exit == 0);
  const std::string before = snapshot(w);
  w.log.clear();
  Wish large = with_web(R"({"id": "/web", "cmd": "x", "mem": 4096})");
  large.web_config = "new";
  const Ended ended = up(w, large);
  CHECK(ended.exit == 7);
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.saw ==
        "no slave can run /web: it asks for 4096 MB of memory for each instance, and the only slave has 2976 MB of "
        "memory; a slave offers what its machine has less 1 GB, whatever is cached: raise resources of mesos-slave or "
        "lower mem; Marathon was not told of it");
  CHECK(f.state == "what ran before runs on, and the old files are back");
  CHECK(count(w, "PUT /v2/apps") == 0);
  CHECK(w.marathon.apps[kPath].definition.find("\"mem\":64") != std::string::npos);
  CHECK_FALSE(w.machines.at("a").files.count("/etc/web/web.cfg"));
  CHECK(up(w, small).plan.nothing_to_do());
}

TEST_CASE("an app that no offer is large enough for is cancelled with the reason") {
  const Wish small = with_web(R"({"id": "/web", "cmd": "x", "mem": 64})");
  World w = world(small);
  REQUIRE(up(w, small).exit == 0);
  const std::string before = snapshot(w);
  const Ended ended = up(w, with_web(R"({"id": "/web", "cmd": "x", "mem": 2048})"));
  CHECK(ended.exit == 7);
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.what == "did not become healthy in 60s");
  CHECK(f.saw.find("no slave offers 2048 MB of memory: 2 of 2 offers had too little") != std::string::npos);
  CHECK(f.state == "the deployment was cancelled; Marathon goes back to what ran before");
  CHECK(snapshot(w) == before);
  CHECK(up(w, small).plan.nothing_to_do());
  // A new one is gone again.
  World fresh = world(small);
  CHECK(up(fresh, with_web(R"({"id": "/web", "cmd": "x", "mem": 2048})")).exit == 7);
  CHECK(fresh.marathon.apps.empty());
}

TEST_CASE("a file that an app reads restarts its tasks once, and a changed definition not twice") {
  Wish wish = with_web(R"({"id": "/web", "cmd": "x"})");
  wish.web_config = "one";
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.marathon.apps[kPath].read == "one");
  CHECK(count(w, "POST /v2/apps") == 0);
  wish.web_config = "two";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.marathon.apps[kPath].read == "two");
  CHECK(count(w, "POST /v2/apps") == 1);
  wish.web = R"({"id": "/web", "cmd": "y"})";
  wish.web_config = "three";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.marathon.apps[kPath].read == "three");
  CHECK(count(w, "POST /v2/apps") == 1);
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("a Marathon between two leaders is waited for, and one that does not answer says why") {
  World w = world({});
  Door door(w, "a");
  AppTalk talk(door, {"a", "b"}, 8080);
  const std::string id = "/web", definition = R"({"id": "/web", "instances": 1})";
  const DeployedApp app{id, definition, done(talk.put(id, definition, false))};
  w.time += std::chrono::seconds(1);
  w.marathon.leaderless = true;
  int told = 0;
  const std::function<void(const std::string&, std::chrono::milliseconds)> line = [&](const std::string& seen,
                                                                                      std::chrono::milliseconds) {
    if (!w.marathon.leaderless) return;
    ++told;
    CHECK(seen.find("502: Could not determine the current leader") != std::string::npos);
    w.marathon.leaderless = false;
  };
  const std::chrono::milliseconds patience{5000};
  CHECK(done(wait_for_app(talk, w, app, patience, line)).lacking.empty());
  CHECK(told == 1);
  w.marathon.leaderless = true;
  std::string error;
  try {
    done(talk.list());
  } catch (const Error& e) {
    error = e.what();
  }
  CHECK(error ==
        "no Marathon took the request: a, b: Marathon answered 502: Could not determine the current leader; clusterctl "
        "status shows why");
}

TEST_CASE("an app whose tasks end again and again is no success, and is not waited for to the end") {
  World w = world({});
  const Ended ended = up(w, with_web(R"({"id": "/web", "cmd": "exit 3"})"));
  CHECK(ended.exit == 9);
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.what == "does not stay up");
  CHECK(f.saw.find("3 tasks of it have ended, each soon after its start") != std::string::npos);
  CHECK(f.saw.find("its last task ended on d with TASK_FAILED: Command exited with status 3: cannot open the file") !=
        std::string::npos);
  CHECK(f.state == "its deployment has ended, so that nothing was taken back: Marathon goes on with it");
  CHECK(f.next == "repair the cause, then clusterctl up again; or clusterctl app remove /web");
  CHECK(w.time < std::chrono::seconds(30));

  World other = world({});
  Door door(other, "a");
  AppTalk talk(door, {"a"}, 8080);
  const std::string id = "/web", definition = R"({"id": "/web", "cmd": "exit 3", "instances": 1})";
  const DeployedApp app{id, definition, done(talk.put(id, definition, false))};
  const std::chrono::milliseconds patience{300000};
  std::vector<std::string> lines;
  const std::function<void(const std::string&, std::chrono::milliseconds)> line =
      [&](const std::string& seen, std::chrono::milliseconds) { lines.push_back(seen); };
  const AppEnd end = done(wait_for_app(talk, other, app, patience, line));
  CHECK(end.crashes);
  CHECK(end.took < std::chrono::seconds(15));
  CHECK(end.lacking ==
        "1 of 1 run; 3 tasks of it have ended, each soon after its start; the one in its place has "
        "to run for longer than those before; its last task ended on d with TASK_FAILED: Command exited with status 3: "
        "cannot open the file");
  CHECK(lines.size() < 8);
}

TEST_CASE("an app that starts well and that nothing checks is believed after 15 s") {
  World w = world({});
  Door door(w, "a");
  AppTalk talk(door, {"a"}, 8080);
  const std::string id = "/web", definition = R"({"id": "/web", "cmd": "x", "instances": 2})";
  const DeployedApp app{id, definition, done(talk.put(id, definition, false))};
  const std::chrono::milliseconds patience{300000};
  const std::function<void(const std::string&, std::chrono::milliseconds)> line = [](const std::string&,
                                                                                     std::chrono::milliseconds) {};
  const AppEnd end = done(wait_for_app(talk, w, app, patience, line));
  CHECK(end.lacking.empty());
  CHECK(end.took >= std::chrono::milliseconds(14000));
  CHECK(end.took < std::chrono::milliseconds(16500));
}

TEST_CASE("one app that fails stops those alone that depend on it") {
  struct Row {
    std::string web, refused;
    std::vector<std::string> others;
    int exit;
    std::vector<std::string> there, not_there;
  };
  const std::string good = R"({"id": "/web", "cmd": "x"})", after = R"({"id": "/z", "cmd": "x"})",
                    needy = R"({"id": "/z", "cmd": "x", "dependencies": ["web"]})";
  for (const Row& row : std::vector<Row>{
           {good, "/v2/apps//web", {after}, 6, {"/v2/apps//z"}, {"/v2/apps//web"}},
           {good, "/v2/apps//z", {after}, 6, {"/v2/apps//web"}, {"/v2/apps//z"}},
           {good, "/v2/apps//web", {needy}, 1, {}, {"/v2/apps//web", "/v2/apps//z"}},
           {good, "/v2/apps//web", {needy, R"({"id": "/y", "cmd": "x"})"}, 6, {"/v2/apps//y"}, {"/v2/apps//z"}},
           {R"({"id": "/web", "cmd": "exit 3"})", "", {after}, 6, {"/v2/apps//z"}, {}},
           {R"({"id": "/web", "cmd": "x", "mem": 9999})", "", {after}, 6, {"/v2/apps//z"}, {"/v2/apps//web"}},
           {good, "", {after}, 0, {"/v2/apps//web", "/v2/apps//z"}, {}}}) {
    INFO(row.web << " refused " << row.refused << " beside " << row.others.front());
    World w = world({});
    REQUIRE(up(w, Wish{}).exit == 0);
    w.marathon.refused = row.refused;
    Wish wish = with_web(row.web);
    wish.others = row.others;
    const Ended ended = up(w, wish);
    CHECK(ended.exit == row.exit);
    for (const auto& path : row.there) CHECK(w.marathon.apps.count(path) == 1);
    for (const auto& path : row.not_there) CHECK(w.marathon.apps.count(path) == 0);
    CHECK(ended.report.failures.size() == (row.exit == 0 ? 0 : 1));
    for (const auto& step : ended.report.steps)
      if (step.outcome == Outcome::skipped) CHECK(step.text == "not begun: /web, which it needs, failed");
  }
}

TEST_CASE("what needs an app that an earlier run left failing is not deployed") {
  const std::string needy = R"({"id": "/z", "cmd": "x", "dependencies": ["web"]})";
  World w = world({});
  REQUIRE(up(w, Wish{}).exit == 0);
  Wish wish = with_web(R"({"id": "/web", "cmd": "exit 3"})");
  REQUIRE(up(w, wish).exit != 0);
  wish.others = {needy, R"({"id": "/y", "cmd": "x"})"};
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 6);
  CHECK(w.marathon.apps.count("/v2/apps//z") == 0);
  CHECK(w.marathon.apps.count("/v2/apps//y") == 1);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].component == "/web");
  CHECK(ended.report.failures[0].what == "does not run, and others need it");
  CHECK(ended.report.failures[0].saw.find("exited with status 3") != std::string::npos);
  for (const auto& step : ended.report.steps)
    if (step.component == "/z") CHECK(step.text == "not begun: /web, which it needs, does not run");
  // Of one that runs, and of one of which nobody knows, nothing is said.
  wish.web = R"({"id": "/web", "cmd": "x"})";
  CHECK(up(w, wish).exit == 0);
  CHECK(w.marathon.apps.count("/v2/apps//z") == 1);
}

TEST_CASE("refusals of Marathon have exit codes of their own") {
  World w = world({});
  Door door(w, "a");
  AppTalk talk(door, {"a"}, 8080);
  const std::string id = "/none";
  try {
    done(talk.remove(id, false));
    FAIL("an unknown app was removed");
  } catch (const Error& e) {
    CHECK(e.exit_code() == 2);
    CHECK(std::string(e.what()) == "Marathon answered 404: App does not exist");
  }
  CHECK_FALSE(done(talk.find(id)));
}

TEST_CASE("an app's step outlasts a fail-over, and fails once that takes longer than one") {
  const Wish wish = with_web(R"({"id": "/web", "cmd": "x", "mem": 64})");
  World w = world(wish);
  // Before the step's first question: what was observed and planned is not the matter here.
  w.on_operation = [&](const std::string& operation) {
    if (operation != "GET /v2/info" || w.marathon.leaderless) return;
    w.marathon.leaderless = true;
    w.marathon.led_again = w.time + std::chrono::seconds(10);
    w.on_operation = {};
  };
  const Ended ended = up(w, wish);
  INFO(ended.error);
  CHECK(ended.exit == 0);
  CHECK_FALSE(w.marathon.leaderless);
  CHECK(w.marathon.apps.count(kPath) == 1);
  CHECK(count(w, "PUT /v2/apps") == 1);

  World dead = world(wish);
  std::chrono::milliseconds from{0};
  dead.on_operation = [&](const std::string& operation) {
    if (operation != "GET /v2/info" || dead.marathon.leaderless) return;
    dead.marathon.leaderless = true;
    from = dead.time;
  };
  const Ended failed = up(dead, wish);
  CHECK(failed.exit == 6);
  REQUIRE(failed.report.failures.size() == 1);
  CHECK_THAT(failed.report.failures[0].saw,
             Catch::Matchers::StartsWith("no Marathon took the request: a, b: Marathon answered 502"));
  CHECK(dead.time - from >= std::chrono::seconds(15));
  CHECK(dead.time - from < std::chrono::seconds(20));
}

TEST_CASE("a deployment whose beginning nobody was told of is found again") {
  World w = world({});
  Door door(w, "a");
  AppTalk talk(door, {"a"}, 8080);
  const std::string id = "/web";
  const std::string wanted = app_spec(R"({"id": "/web", "cmd": "x"})", {}, 1).json;
  const std::string other = app_spec(R"({"id": "/web", "cmd": "y"})", {}, 1).json;
  const std::string deployment = done(talk.put(id, wanted, false));
  CHECK(done(talk.put(id, wanted, false)) == deployment);
  try {
    done(talk.put(id, other, false));
    FAIL("it went over another deployment");
  } catch (const Error& e) {
    CHECK(e.exit_code() == 5);
    CHECK(std::string(e.what()).find("another deployment of /web is under way (" + deployment + ")") == 0);
  }
  CHECK_FALSE(done(talk.put(id, other, true)).empty());
}

TEST_CASE("a Marathon that runs and does not answer says nothing about an app, one that is not there does") {
  const Wish wish = with_web(R"({"id": "/web", "cmd": "x"})");
  World w = world(wish);
  w.marathon.leaderless = true;  // nothing runs yet, so nobody can answer
  w.marathon.led_again = std::chrono::milliseconds(1);
  const Ended fresh = up(w, wish);
  CHECK(fresh.exit == 0);
  CHECK(fresh.plan.first().waves.back().steps[0].reason == "not there");
  CHECK(fresh.plan.summary.change == 0);
  REQUIRE(up(w, wish).plan.nothing_to_do());

  w.marathon.leaderless = true;
  w.marathon.led_again = w.time + std::chrono::seconds(5);
  const Ended silent = up(w, wish);
  CHECK(silent.exit == 0);
  REQUIRE(silent.plan.first().waves.size() == 1);
  CHECK(silent.plan.first().waves[0].steps[0].reason == "no answer from app, which runs: told again");
  CHECK(silent.plan.summary.create == 0);
  CHECK(silent.plan.summary.change == 1);
  CHECK(up(w, wish).plan.nothing_to_do());

  // It is gone for certain.
  w.marathon.apps.clear();
  CHECK(up(w, wish).plan.first().waves.back().steps[0].reason == "not there");
}
