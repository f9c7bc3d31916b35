// Settings that a host's engine refuses: told, put back, never left where the engine would die of them; and an engine
// that they keep from starting.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "engine_support.hpp"
#include "model/manifest_json.hpp"
#include "plan/spec_json.hpp"
#include "prepare/preparation.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::string& content(World& w, const std::string& host) {
  return w.machines.at(host).files.at(kEngineFile).content;
}

const Failure& failure(const Ended& ended) {
  REQUIRE(ended.report.failures.size() == 1);
  return ended.report.failures[0];
}

// The cluster with settings of its engines, up.
struct Set {
  explicit Set(const std::string& settings = R"({"live": true})") {
    wish.settings = settings;
    w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    before = snapshot(w);
    w.log.clear();
  }
  Ended up_with(const std::string& settings) {
    wish.settings = settings;
    return up(w, wish);
  }
  // As a run of another version left it: a file of ours that the engine died of.
  void kill(const std::string& host) {
    content(w, host) = R"({"live": "refused"})";
    std::string& manifest = w.machines.at(host).files.at(manifest_path("c")).content;
    Manifest kept = manifest_from_json(manifest);
    kept.files.at(kEngineFile).part = content(w, host);
    kept.files.at(kEngineFile).digest = sha256_hex(content(w, host));
    manifest = to_json(kept);
    w.machines.at(host).engine_dead = true;
  }
  Ended only_settings(const std::string& settings, const std::set<std::string>& limit = {}) {
    wish.settings = settings;
    RunOptions options;
    options.diff.components = {"engine"};
    options.diff.limit = limit;
    return run(w, desired(wish), options);
  }

  Wish wish;
  World w;
  std::string before;
};

const Step* step_of(const Plan& plan, const std::string& host) {
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps)
      if (step.host == host && step.component == "engine") return &step;
  return nullptr;
}

}  // namespace

TEST_CASE("a refused reload is a failed step, in the engine's words, with the old file back") {
  Set set;
  const Ended ended = set.up_with(R"({"live": "refused"})");
  CHECK(ended.exit == 7);
  CHECK(ended.report.failures.size() == 5);  // one for each host: a reload interrupts nobody
  for (const Failure& f : ended.report.failures) {
    CHECK(f.what == "failed to reload");
    CHECK(f.saw == "the engine refused it: refused is no setting");
    CHECK(f.state.find("the old files are back, and it is ready") == 0);
    CHECK(set.w.machines.at(f.host).engine_has == content(set.w, f.host));
  }
  CHECK(snapshot(set.w) == set.before);
  CHECK(engine_told(set.w).size() == 10);
  for (const auto& line : engine_told(set.w)) CHECK(line.find("'reload'") != std::string::npos);
}

TEST_CASE("what is refused on a reload is no reason to restart an engine") {
  Set set;
  const Ended ended = set.up_with(R"({"live": true, "dns": "refused"})");
  CHECK(ended.exit == 7);
  CHECK(snapshot(set.w) == set.before);
  CHECK(engine_told(set.w) == std::vector<std::string>{"engine 'reload' a", "engine 'reload' a"});
  CHECK_FALSE(set.w.machines.at("a").engine_dead);
}

TEST_CASE("what an engine would refuse is not written where it can be asked") {
  Set set;
  const Ended ended = set.up_with(R"({"live": true, "dns": "known"})");
  CHECK(ended.exit == 1);
  CHECK(failure(ended).saw == "/etc/engine.json would be refused: known is no setting");
  CHECK(failure(ended).state == "nothing was changed on a");
  CHECK(engine_told(set.w).empty());
  CHECK(snapshot(set.w) == set.before);
}

TEST_CASE("a file that the engine refuses as well is not put back: what stood there before any of ours is") {
  for (const char* theirs : {"", R"({"log": 1})"}) {
    Wish wish;
    World w = world(wish);
    if (*theirs) w.machines.at("a").files[kEngineFile].content = theirs;
    wish.settings = R"({"live": true, "dns": "odd"})";
    REQUIRE(up(w, wish).exit == 0);
    w.machines.at("a").refuses = "odd";
    wish.settings = R"({"live": true, "dns": "fatal"})";
    const Ended ended = up(w, wish);
    INFO(theirs);
    CHECK(ended.exit == 7);
    CHECK(failure(ended).state.find("what stood there before any file of ours is back") == 0);
    CHECK_FALSE(w.machines.at("a").engine_dead);
    CHECK((*theirs ? content(w, "a") == theirs : w.machines.at("a").files.count(kEngineFile) == 0));
    wish.settings = R"({"live": true})";
    CHECK(up(w, wish).exit == 0);
    CHECK(up(w, wish).plan.nothing_to_do());
  }
}

TEST_CASE("an engine that a file of ours keeps down is started with the one that is wanted") {
  Set set;
  set.kill("a");
  const Ended ended = set.only_settings(R"({"live": false})");
  REQUIRE(step_of(ended.plan, "a"));
  CHECK(step_of(ended.plan, "a")->reason == "its engine does not run; engine.json: live");
  CHECK_FALSE(step_of(ended.plan, "a")->interrupts);
  CHECK(brings_engine(ended.plan.first(), "a"));
  CHECK_FALSE(brings_engine(ended.plan.first(), "b"));
  CHECK(ended.exit == 0);
  CHECK_FALSE(set.w.machines.at("a").engine_dead);
  const auto lines = engine_told(set.w);
  CHECK(std::count(lines.begin(), lines.end(), "engine 'restart' a") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "engine 'reload' a") == 0);
  CHECK(up(set.w, set.wish).plan.nothing_to_do());
}

TEST_CASE("an engine that does not start with that either gets what stood there before us") {
  Set set;
  set.kill("a");
  const Ended ended = set.only_settings(R"({"live": "refused", "dns": "fatal"})", {"a"});
  CHECK(ended.exit == 7);
  CHECK(set.w.machines.at("a").files.count(kEngineFile) == 0);
  CHECK_FALSE(set.w.machines.at("a").engine_dead);
}

TEST_CASE("an engine that is down for reasons of its own, or could not be asked, is not ours to start") {
  Set set;
  set.w.machines.at("a").engine_dead = true;  // its file is as wanted
  CHECK_FALSE(step_of(set.only_settings(R"({"live": true})").plan, "a"));
  set.kill("a");
  set.w.machines.at("a").engine_dead = false;
  set.w.machines.at("a").engine_silent = true;
  const Ended ended = set.only_settings(R"({"live": true})");
  REQUIRE(step_of(ended.plan, "a"));
  CHECK_FALSE(brings_engine(ended.plan.first(), "a"));

  Wish wish;
  World fresh = world(wish);
  fresh.machines.at("a").files[kEngineFile].content = R"({"live": "refused"})";
  fresh.machines.at("a").engine_dead = true;  // their file, not ours
  wish.settings = R"({"live": true})";
  RunOptions options;
  options.diff.components = {"engine"};
  CHECK_FALSE(brings_engine(run(fresh, desired(wish), options).plan.first(), "a"));
}

TEST_CASE("an engine that dies of a reload is started with the old file") {
  Set set;
  set.w.machines.at("a").dies_of = "deadly";
  const Ended ended = set.only_settings(R"({"live": "deadly"})", {"a"});
  CHECK(ended.exit == 7);
  CHECK(failure(ended).state.find("the old files are back, and it is ready") == 0);
  CHECK_FALSE(set.w.machines.at("a").engine_dead);
  CHECK(snapshot(set.w) == set.before);
}

TEST_CASE("an engine that has not what its file says is told again") {
  Set set;
  set.w.machines.at("b").engine_has = R"({"live": false})";
  const Ended ended = up(set.w, set.wish);
  CHECK(ended.exit == 0);
  REQUIRE(step_of(ended.plan, "b"));
  CHECK(step_of(ended.plan, "b")->action == Action::reload);
  CHECK(step_of(ended.plan, "b")->reason == "engine.json: its engine has another live");
  CHECK_FALSE(step_of(ended.plan, "a"));
  CHECK(engine_told(set.w) == std::vector<std::string>{"engine 'reload' b"});
  CHECK(up(set.w, set.wish).plan.nothing_to_do());
}

TEST_CASE("an engine that refuses what stood there before us is told of in the end of a down") {
  Wish wish;
  World w = world(wish);
  w.machines.at("a").files[kEngineFile].content = R"({"log": "odd"})";
  wish.settings = R"({"live": true})";
  REQUIRE(up(w, wish).exit == 0);
  w.machines.at("a").refuses = "odd";
  RunOptions down;
  down.down = true;
  const Ended ended = run(w, desired(wish), down);
  CHECK(ended.exit == 0);
  CHECK(std::any_of(ended.report.steps.begin(), ended.report.steps.end(), [](const StepReport& s) {
    return s.host == "a" &&
           s.text.find("engine did not take in what stood there before: the engine refused it") != std::string::npos;
  }));
}

TEST_CASE("what stands where an engine is to start ends the step before anything is written, and is named") {
  Set set;
  set.w.machines.at("a").way = "way full /var/run/docker.sock it is not empty\n";
  const Ended ended = set.up_with(R"({"live": true, "dns": "x"})");
  CHECK(ended.exit == 1);
  CHECK(failure(ended).saw ==
        "/var/run/docker.sock is a directory, in the place of its socket (it is not empty), and it does not start with "
        "that: mv /var/run/docker.sock /var/run/docker.sock.old");
  CHECK(failure(ended).state == "nothing was changed on a");
  CHECK(engine_told(set.w).empty());
  CHECK(snapshot(set.w) == set.before);
}

TEST_CASE("an empty directory in the place of an engine's socket is removed before a restart, and that is said") {
  Set set;
  set.w.machines.at("a").way = "way removed /var/run/docker.sock\n";
  const Ended ended = set.up_with(R"({"live": true, "dns": "x"})");
  CHECK(ended.exit == 0);
  const auto row = std::find_if(ended.report.steps.begin(), ended.report.steps.end(),
                                [](const auto& s) { return s.host == "a" && s.component == "engine"; });
  REQUIRE(row != ended.report.steps.end());
  CHECK(row->text.find("removed the empty directory /var/run/docker.sock, which was in the place of its socket") !=
        std::string::npos);
}

TEST_CASE("what comes into the way meanwhile ends the step: an engine that runs goes on with its old file") {
  Set set;
  World& w = set.w;
  w.on_operation = [&](const std::string& operation) {
    if (operation.starts_with("put a")) w.machines.at("a").way = "way full /var/run/docker.sock it is not empty\n";
  };
  const Ended ended = set.up_with(R"({"live": true, "dns": "x"})");
  CHECK(ended.exit == 7);
  CHECK(failure(ended).saw.find("/var/run/docker.sock is a directory") == 0);
  CHECK(failure(ended).state.find("the old files are back, and it is ready") == 0);
  for (const auto& line : engine_told(w)) CHECK(line == "engine 'reload' a");
  CHECK(snapshot(w) == set.before);
}

TEST_CASE("one that has ended gets its old file back, and no older one, and is told with what keeps it down") {
  Set set;
  World& w = set.w;
  w.machines.at("a").dies_of = "odd";
  const std::string before = content(w, "a");
  w.on_operation = [&](const std::string& operation) {
    if (operation.starts_with("put a")) w.machines.at("a").way = "way full /var/run/docker.sock it is not empty\n";
  };
  const Ended ended = set.only_settings(R"({"live": "odd"})", {"a"});
  CHECK(ended.exit == 6);
  CHECK(failure(ended).state.find("the old files are back, and it does not run with that either: /var/run/docker.sock "
                                  "is a directory") == 0);
  CHECK(failure(ended).next == "start it on the host, then clusterctl up again");
  CHECK(content(w, "a") == before);
}

TEST_CASE("the file that is to start an engine stays where something else is in its way") {
  Set set;
  World& w = set.w;
  set.kill("a");
  w.on_operation = [&](const std::string& operation) {
    if (operation.starts_with("put a")) w.machines.at("a").way = "way full /var/run/docker.sock it is not empty\n";
  };
  const Ended ended = set.only_settings(R"({"live": false})", {"a"});
  CHECK(ended.exit != 0);
  CHECK(failure(ended).saw.find("/var/run/docker.sock is a directory") == 0);
  CHECK(failure(ended).state == "left as it is");
  CHECK(content(w, "a").find("refused") == std::string::npos);
}

TEST_CASE("a file of others that its engine refuses as well is put back, and that is told as what it is") {
  for (const bool dies : {false, true}) {
    Wish wish;
    World w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    w.machines.at("a").files[kEngineFile].content = R"({"log": "odd"})";
    w.machines.at("a").refuses = "odd";
    if (dies) w.machines.at("a").dies_of = "fatal";
    wish.settings = R"({"live": "fatal"})";
    const Ended ended = up(w, wish);
    INFO(dies);
    CHECK(ended.exit == 6);
    const auto of_a = std::find_if(ended.report.failures.begin(), ended.report.failures.end(),
                                   [](const Failure& f) { return f.host == "a"; });
    REQUIRE(of_a != ended.report.failures.end());
    CHECK(of_a->state.find(
              dies ? "the old files are back, and it does not run with that either: "
                   : "the old files are back, and it does not take that in either: the engine refused it") == 0);
    CHECK(content(w, "a") == R"({"log": "odd"})");
  }
}
