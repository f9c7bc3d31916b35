#include "plan/shown.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

Step step_of(Action action, const std::string& reason, const std::string& down = "") {
  Step s;
  s.host = "m1";
  s.component = "consul";
  s.action = action;
  s.reason = reason;
  s.down = down;
  s.interrupts = down.empty() && (action == Action::restart || action == Action::recreate);
  return s;
}

Step with_file(Step s, const std::string& content) {
  FileChange change;
  change.wanted.path = "/etc/consul.json";
  change.wanted.content = content;
  s.files.push_back(change);
  return s;
}

Plan plan_of(std::vector<Step> steps) {
  Plan p;
  Wave w;
  w.steps = std::move(steps);
  p.first().waves.push_back(w);
  return p;
}

}  // namespace

TEST_CASE("what was shown may be done, and less") {
  const Step change = with_file(step_of(Action::restart, "consul.json changed"), "a");
  CHECK_FALSE(not_shown(plan_of({change}), plan_of({change})));
  CHECK_FALSE(not_shown(plan_of({}), plan_of({change})));
}

TEST_CASE("another host, component, action, reason, image or content was not shown") {
  const Step shown = with_file(step_of(Action::recreate, "bind_addr changed"), "a");
  Step now = shown;
  SECTION("host") {
    now.host = "m2";
    CHECK(not_shown(plan_of({now}), plan_of({shown})) == "m2 consul: recreate, bind_addr changed");
  }
  SECTION("component") {
    now.component = "bind";
    CHECK(not_shown(plan_of({now}), plan_of({shown})) == "m1 bind: recreate, bind_addr changed");
  }
  SECTION("reason") {
    now.reason = "client_addr changed";
    CHECK(not_shown(plan_of({now}), plan_of({shown})) == "m1 consul: recreate, client_addr changed");
  }
  SECTION("image") {
    now.subject = Pull{"consul:2"};
    CHECK(not_shown(plan_of({now}), plan_of({shown})));
  }
  SECTION("content") {
    now.files[0].wanted.content = "b";
    CHECK(not_shown(plan_of({now}), plan_of({shown})));
  }
  SECTION("nothing was shown at all") {
    CHECK(not_shown(plan_of({now}), plan_of({})));
  }
}

TEST_CASE("a container that Docker restarts over and over is one state") {
  const Step up = step_of(Action::prove, "an interrupted change has not proved itself yet");
  const Step down = step_of(Action::restart, "not running (restarting)", "restarting");
  CHECK_FALSE(not_shown(plan_of({up}), plan_of({down})));
  CHECK_FALSE(not_shown(plan_of({down}), plan_of({up})));
  const Step up_file = with_file(step_of(Action::restart, "consul.json changed"), "a");
  const Step down_file =
      with_file(step_of(Action::restart, "not running (restarting); consul.json changed", "restarting"), "a");
  CHECK_FALSE(not_shown(plan_of({up_file}), plan_of({down_file})));
  CHECK_FALSE(not_shown(plan_of({down_file}), plan_of({up_file})));
}

TEST_CASE("what stopped meanwhile is brought back") {
  CHECK_FALSE(not_shown(plan_of({step_of(Action::start, "not running (exited)", "exited")}), plan_of({})));
}

TEST_CASE("what came back by itself is not interrupted unannounced") {
  const Step was = with_file(step_of(Action::start, "not running (exited); consul.json changed", "exited"), "a");
  const Step is = with_file(step_of(Action::restart, "consul.json changed"), "a");
  CHECK(not_shown(plan_of({is}), plan_of({was})) == "m1 consul: restart, consul.json changed");
  CHECK_FALSE(not_shown(plan_of({was}), plan_of({is})));
}

TEST_CASE("a file that was not shown is not written to bring a container back") {
  const Step now = with_file(step_of(Action::start, "not running (exited); consul.json changed", "exited"), "a");
  CHECK(not_shown(plan_of({now}), plan_of({step_of(Action::start, "not running (exited)", "exited")})));
}
