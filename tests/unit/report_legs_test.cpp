// Plans and runs of several legs, as people and as programs read them.
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "diff_support.hpp"
#include "plan/later_legs.hpp"
#include "plan/quorum.hpp"
#include "report/failure.hpp"
#include "report/plan_text.hpp"
#include "report/progress.hpp"
#include "report/run_json.hpp"

using namespace cctl;
using namespace cctl::diff_test;

namespace {

PlanTextOptions plain_words() {
  PlanTextOptions out;
  out.left = left_in_words;
  out.run_words = docker_run_words;
  out.aim = [](const std::string& advice) { return advice; };
  return out;
}

// Two states after another: the versions in their order, each with a title.
Plan plan_over(const std::vector<std::string>& versions, const Observed& observed) {
  Plan plan = diff(desired(versions.front()), observed, {});
  plan.legs.resize(versions.size());
  for (std::size_t i = 0; i < versions.size(); ++i) {
    plan.legs[i].desired = desired(versions[i]);
    plan.legs[i].title = "to " + versions[i];
  }
  diff_later(plan, observed, {});
  return plan;
}

Plan two_legs() {
  Plan plan = plan_over({"2.0", "3.0"}, as_wanted(desired("1.0")));
  plan.legs[1].reason = "1.0 reads nothing that 3.0 writes";
  return plan;
}

}  // namespace

TEST_CASE("the legs of a plan are told one after the other, with why", "[legs]") {
  CHECK(plan_text(two_legs(), Look{}, plain_words()) ==
        R"(c: 3 hosts, 6 instances; 12 to change
leg 1 of 2: to 2.0
images
  >  3 hosts  pull  app:2.0
  >  3 hosts  pull  zk:2.0
zk  1 at a time, leader last
  ~  a  zk  version 1.0 -> 2.0  quorum while it restarts: 2 of 3, can lose 0 more
  ~  b  zk  version 1.0 -> 2.0  quorum while it restarts: 2 of 3, can lose 0 more
  ~  c  zk  version 1.0 -> 2.0  quorum while it restarts: 2 of 3, can lose 0 more
app  1 at a time, leader last
  ~  a  app  version 1.0 -> 2.0
  ~  b  app  version 1.0 -> 2.0
  ~  c  app  version 1.0 -> 2.0
leg 2 of 2: to 3.0
  1.0 reads nothing that 3.0 writes
images
  >  3 hosts  pull  app:3.0
  >  3 hosts  pull  zk:3.0
zk  1 at a time, leader last
  ~  a  zk  version 2.0 -> 3.0  quorum while it restarts: 2 of 3, can lose 0 more
  ~  b  zk  version 2.0 -> 3.0  quorum while it restarts: 2 of 3, can lose 0 more
  ~  c  zk  version 2.0 -> 3.0  quorum while it restarts: 2 of 3, can lose 0 more
app  1 at a time, leader last
  ~  a  app  version 2.0 -> 3.0
  ~  b  app  version 2.0 -> 3.0
  ~  c  app  version 2.0 -> 3.0
Plan: 12 to change on 3 hosts in 2 legs
)");
}

TEST_CASE("a leg that is gone already has nothing to do", "[legs]") {
  const Plan plan = plan_over({"2.0", "3.0"}, as_wanted(desired("2.0")));
  CHECK(plan.first().nothing_to_do());
  CHECK_FALSE(plan.nothing_to_do());
  CHECK(plan_text(plan, Look{}, plain_words()).find("leg 1 of 2: to 2.0\n  nothing to do\nleg 2 of 2: to 3.0\n") !=
        std::string::npos);
  CHECK(plan_over({"2.0", "2.0"}, as_wanted(desired("2.0"))).nothing_to_do());
}

TEST_CASE("in JSON a leg names its waves, whose numbers are the plan's", "[legs]") {
  const auto json = plan_json(two_legs());
  REQUIRE(json["legs"].size() == 2);
  CHECK(json["legs"][0]["title"] == "to 2.0");
  CHECK(json["legs"][0]["waves"] == nlohmann::json({0, 1, 2}));
  CHECK(json["legs"][1]["reason"] == "1.0 reads nothing that 3.0 writes");
  CHECK(json["legs"][1]["waves"] == nlohmann::json({3, 4, 5}));
  REQUIRE(json["waves"].size() == 6);
  for (int i = 0; i < 6; ++i) CHECK(json["waves"][static_cast<std::size_t>(i)]["number"] == i);
  CHECK(json["steps"].back()["wave"] == 5);
  CHECK(json["summary"]["change"] == 12);
}

TEST_CASE("what is told of several legs is told once, and what is told of a later one names it", "[legs]") {
  Observed there = as_wanted(desired("1.0"));
  there.hosts["c"].containers.push_back(there.hosts["c"].containers[0]);
  auto& stray = there.hosts["c"].containers.back();
  stray.id = "x", stray.name = "cctl-c-old", stray.labels[label::component] = "old";
  Plan plan = plan_over({"2.0", "1.5"}, there);
  CHECK(plan.strays.size() == 1);
  REQUIRE(plan.refusals.size() == 6);
  for (const auto& refusal : plan.refusals) {
    CHECK(refusal.exit_code == 8);
    CHECK(refusal.text.starts_with("leg 2: "));
  }
  there.hosts.erase("b");
  plan = plan_over({"2.0", "3.0"}, there);
  CHECK(plan.warnings == std::vector<std::string>{"b is unreachable"});
  CHECK(plan.summary.unseen == 1);
}

TEST_CASE("progress says which leg begins", "[legs]") {
  std::string out;
  Times times;
  times.stamp = [] { return "14:02:11"; };
  const auto sink = [&](const std::string& text) { out += text; };
  const Plan plan = two_legs();
  make_progress("plain", Look{}, sink, times)->leg_started(plan, 1);
  CHECK(out == "14:02:11 leg 2 of 2: to 3.0\n");
  out.clear();
  make_progress("tty", Look{}, sink, times)->leg_started(plan, 0);
  CHECK(out == "leg 1 of 2: to 2.0\n");
  out.clear();
  make_progress("json", Look{}, sink, times)->leg_started(plan, 1);
  const auto event = nlohmann::json::parse(out);
  CHECK(event["event"] == "leg_started");
  CHECK(event["leg"] == 2);
  CHECK(event["of"] == 2);
  CHECK(event["title"] == "to 3.0");
  CHECK(event["reason"] == "1.0 reads nothing that 3.0 writes");
}

TEST_CASE("the last words of a run say which legs were not begun", "[legs]") {
  RunDocument run;
  run.report.exit = Exit::rolled_back;
  run.report.steps.push_back({"a", "zk", "recreate", Outcome::rolled_back, "did not serve", {}});
  CHECK(nlohmann::json::parse(run_json_text(run))["not_begun"].empty());
  CHECK(report_text(run.report, Look{}).find("not begun") == std::string::npos);
  run.report.not_begun = {"leg 2 of 3: to 3.0", "leg 3 of 3: to 4.0"};
  CHECK(nlohmann::json::parse(run_json_text(run))["not_begun"] ==
        nlohmann::json({"leg 2 of 3: to 3.0", "leg 3 of 3: to 4.0"}));
  CHECK(report_text(run.report, Look{}).ends_with("not begun: leg 2 of 3: to 3.0; leg 3 of 3: to 4.0\n"));
}
