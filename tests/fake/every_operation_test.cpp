// Every operation of a run fails, or is the program's last, in turn: the rerun must lead to where an undisturbed run
// leads.
#include <regex>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

struct Scenario {
  std::string name;
  Wish before;         // what runs already
  bool fresh = false;  // nothing does
  std::string bare;    // host that is empty after it was there
  Wish wanted;
  RunOptions how;
};

World start_of(const Scenario& s) {
  World w = world(s.before);
  // A file that is not ours stands where one of ours will.
  w.machines.at("d").directories.insert({"/etc/app", "/etc/app/conf"});
  w.machines.at("d").files["/etc/app/conf/main.cfg"].content = "theirs";
  if (!s.fresh) REQUIRE(up(w, s.before).exit == 0);
  if (!s.bare.empty()) {
    RunOptions down;
    down.down = true;
    REQUIRE(run(w, desired(s.before), down).exit == 0);
    w.machines.at(s.bare) = {};
  }
  return w;
}

// The rerun must converge at once: what it finds is all that it may need.
void check_rerun(const Scenario& s, World& w, const std::string& wanted, const std::string& when) {
  w.plan_mishap(Mishap::none, 0);
  const Desired goal = desired(s.wanted);
  const Ended rerun = run(w, goal, s.how);
  INFO(s.name << ", " << when << ": rerun ended " << rerun.exit << " " << rerun.error
              << (rerun.report.failures.empty() ? ""
                                                : rerun.report.failures[0].what + ": " + rerun.report.failures[0].saw));
  CHECK(rerun.exit == 0);
  CHECK(snapshot(w) == wanted);
  CHECK(w.broken_rules.empty());
  if (!s.how.purge) CHECK(data_kept(w, s.wanted));
  CHECK(run(w, goal, s.how).plan.nothing_to_do());
}

void every_operation(const Scenario& s, Mishap mishap, const std::string& word) {
  World good = start_of(s);
  const Desired goal = desired(s.wanted);
  good.plan_mishap(Mishap::none, 0);
  REQUIRE(run(good, goal, s.how).exit == 0);
  const std::string wanted = snapshot(good);
  const int operations = good.operations();
  REQUIRE(operations > 20);
  for (int n = 1; n <= operations; ++n) {
    World w = start_of(s);
    w.plan_mishap(mishap, n);
    const Ended first = run(w, goal, s.how);
    const std::string when =
        word + " at operation " + std::to_string(n) + " (" + (w.log.empty() ? "" : w.log.back()) + ")";
    INFO(when);
    if (mishap == Mishap::kill) CHECK(first.killed);
    CHECK(w.broken_rules.empty());
    check_rerun(s, w, wanted, when);
  }
}

void every_mishap(const Scenario& s) {
  every_operation(s, Mishap::fail_before, "failed");
  every_operation(s, Mishap::fail_after, "failed after");
  every_operation(s, Mishap::kill, "killed");
  every_operation(s, Mishap::kill_half_put, "killed within a put");
}

}  // namespace

TEST_CASE("up from nothing survives a mishap at every operation") {
  Scenario s;
  s.name = "up";
  s.fresh = true;
  every_mishap(s);
}

TEST_CASE("a first start survives a mishap at every operation") {
  Scenario s;
  s.name = "first start";
  s.fresh = true;
  s.before.zk_begins = s.wanted.zk_begins = true;
  every_mishap(s);
}

TEST_CASE("an upgrade survives a mishap at every operation") {
  Scenario s;
  s.name = "upgrade";
  s.wanted.zk_version = s.wanted.app_version = "2.0";
  s.wanted.zk_config = "two";
  every_mishap(s);
}

TEST_CASE("changed files survive a mishap at every operation") {
  Scenario s;
  s.name = "files";
  s.before.app_order = s.wanted.app_order = RollOrder::one_at_a_time;
  s.wanted.zk_config = s.wanted.app_config = "two";
  every_mishap(s);
}

TEST_CASE("a member that lost its disk while all were down survives a mishap at every operation") {
  Scenario s;
  s.name = "a new disk";
  s.bare = "b";
  every_mishap(s);
}

TEST_CASE("settings of a service survive a mishap at every operation") {
  Scenario s;
  s.name = "settings";
  s.before.settings = R"({"live": true})";
  s.wanted.settings = R"({"live": true, "dns": ["10.0.0.1"]})";
  every_mishap(s);
}

TEST_CASE("a reload survives a mishap at every operation") {
  Scenario s;
  s.name = "reload";
  s.before.app_on_change = s.wanted.app_on_change = OnChange::reload;
  s.wanted.app_config = "two";
  every_mishap(s);
}

TEST_CASE("a file that nobody wants any more survives a mishap at every operation") {
  Scenario s;
  s.name = "a file goes";
  s.before.app_order = s.wanted.app_order = RollOrder::one_at_a_time;
  s.before.app_extra = "more";
  every_mishap(s);
  World w = start_of(s);
  CHECK(w.machines.at("d").files.count("/etc/app/conf/extra.cfg") == 1);
  const Ended ended = up(w, s.wanted);
  CHECK(ended.plan.first().waves.at(0).steps.at(0).action == Action::reload);
  CHECK(ended.plan.first().waves.at(0).steps.at(0).reason == "extra.cfg is no longer wanted");
  for (const char* host : {"d", "e"}) CHECK(w.machines.at(host).files.count("/etc/app/conf/extra.cfg") == 0);
}

TEST_CASE("down survives a mishap at every operation") {
  Scenario s;
  s.name = "down";
  s.how.down = true;
  every_mishap(s);
  s.name = "down with data";
  s.how.purge = true;
  every_mishap(s);
}

TEST_CASE("apps survive a mishap at every operation") {
  Scenario s;
  s.name = "a new app";
  s.wanted.web = R"({"id": "/web", "cmd": "x"})";
  s.wanted.web_config = "one";
  every_mishap(s);
  s.name = "a changed app";
  s.before = s.wanted;
  s.wanted.web = R"({"id": "/web", "cmd": "y", "instances": 2})";
  every_mishap(s);
  s.name = "a file that an app reads";
  s.wanted = s.before;
  s.wanted.web_config = "two";
  every_mishap(s);
  s.name = "down with an app";
  s.wanted = s.before;
  s.how.down = true;
  every_mishap(s);
}

// Of a container that comes back after its run was killed the manifest does not know the words any more.
std::string without_specs(const std::string& snapshot) {
  return std::regex_replace(snapshot, std::regex("\"(zk|app)\": \"\\{[^\n]*"), "");
}

TEST_CASE("a bad change that is killed at any operation leads back to where it came from") {
  Wish wish;
  World fine = world(wish);
  REQUIRE(up(fine, wish).exit == 0);
  const std::string before = snapshot(fine);
  Wish restart = wish, recreate = wish;
  restart.zk_config = "broken";
  recreate.zk_config = "broken";
  recreate.zk_version = "2.0-bad";
  for (const Wish& bad : {restart, recreate}) {
    World counted = world(wish);
    REQUIRE(up(counted, wish).exit == 0);
    counted.plan_mishap(Mishap::none, 0);
    REQUIRE(up(counted, bad).exit == 7);
    CHECK(snapshot(counted) == before);
    for (int n = 1; n <= counted.operations(); ++n) {
      World w = world(wish);
      REQUIRE(up(w, wish).exit == 0);
      w.plan_mishap(Mishap::kill, n);
      CHECK(up(w, bad).killed);
      w.plan_mishap(Mishap::none, 0);
      const Ended rerun = up(w, bad);
      INFO("killed at operation " << n << ": the rerun ended " << rerun.exit << " " << rerun.error);
      CHECK(rerun.exit == 7);
      CHECK(without_specs(snapshot(w)) == without_specs(before));
      CHECK(w.broken_rules.empty());
      CHECK(all_serve(w, desired(wish)));
    }
  }
}
