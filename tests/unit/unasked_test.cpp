// An engine that gave no answer: what it has is not known, and nothing that is told of it says that it is not there.
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "diff_support.hpp"
#include "kind.hpp"
#include "plan/engine_words.hpp"
#include "plan/shown.hpp"
#include "report/plan_text.hpp"
#include "report/status.hpp"

using namespace cctl;
using namespace cctl::diff_test;

namespace {

// As observed where the engine of a is off, or could not be asked, or is not installed.
Observed without_engine(bool installed, bool off) {
  Observed o = as_wanted(desired());
  ObservedHost& a = o.hosts["a"];
  a.containers.clear();
  a.images.clear();
  a.engine_error = "docker: connection refused";
  a.docker_installed = installed;
  a.engine_off = off;
  return o;
}

const Step* pull_of(const Plan& plan, const std::string& host) {
  for (const auto& wave : plan.first().waves)
    for (const auto& s : wave.steps)
      if (s.host == host && s.action == Action::pull) return &s;
  return nullptr;
}

}  // namespace

TEST_CASE("a container and an image of an engine that gave no answer are not known to be missing", "[unasked]") {
  struct Row {
    bool installed, off;
    const char* why;
  };
  for (const Row& row : std::vector<Row>{{true, true, "its engine does not run"},
                                         {true, false, "its engine could not be asked"},
                                         {false, true, ""}}) {
    INFO(row.why);
    const Plan plan = diff(desired(), without_engine(row.installed, row.off), {});
    const Step* zk = step(plan, "a", "zk");
    const Step* pull = pull_of(plan, "a");
    REQUIRE((zk && pull));
    const std::string why = row.why;
    CHECK(zk->unknown == why);
    CHECK(zk->reason == (why.empty() ? "not there" : "not known whether it is there: " + why));
    CHECK(pull->unknown == why);
    CHECK(plan.summary.unknown == (why.empty() ? 0 : 2));
    CHECK(plan.summary.create == (why.empty() ? 2 : 0));
    const std::string text = plan_text(plan, {}, {});
    CHECK((text.find("2 not known on 1 host") != std::string::npos) == !why.empty());
    CHECK((text.find("to start") != std::string::npos) == why.empty());
    CHECK((text.find("  ?  ") != std::string::npos) == !why.empty());
    const auto json = plan_json(plan);
    for (const auto& s : json.at("steps")) {
      if (why.empty()) {
        CHECK_FALSE(s.contains("unknown"));
        continue;
      }
      CHECK(s.at("action") == "unknown");
      CHECK(s.at("unknown").at("why") == why);
    }
    CHECK(json.at("summary").at("unknown") == plan.summary.unknown);
  }
}

TEST_CASE("what was not known may turn out not to be there, and not to be another one", "[unasked]") {
  const Plan shown = diff(desired(), without_engine(true, true), {});
  Observed now = as_wanted(desired());
  CHECK_FALSE(not_shown(diff(desired(), now, {}), shown));
  now.hosts["a"].containers.clear();
  now.hosts["a"].images.clear();
  CHECK_FALSE(not_shown(diff(desired(), now, {}), shown));
  now = as_wanted(desired());
  now.hosts["a"].containers[0].labels[label::spec] = "other";
  CHECK(not_shown(diff(desired(), now, {}), shown));
}

TEST_CASE("an app is not known to be missing while what keeps it running could not be asked", "[unasked]") {
  Desired d = desired();
  Instance web;
  web.host = "a";
  web.component = "web";
  test::as<AppSpec>(web).id = "/web";
  test::as<AppSpec>(web).through = "app";
  d.instances.push_back(web);
  ComponentPlan component;
  component.component = "web";
  d.components.push_back(component);
  Observed o = as_wanted(desired());
  for (const char* host : {"a", "b", "c"}) o.hosts[host].containers.pop_back();
  CHECK(step(diff(d, o, {}), "a", "web")->reason == "not there");
  o.hosts["b"].engine_error = "docker: no answer in 10 s";
  o.hosts["b"].docker_installed = true;
  o.hosts["c"].reachable = false;
  const Plan plan = diff(d, o, {});
  CHECK(step(plan, "a", "web")->reason == "not known whether it is there: app could not be asked on b, c");
  const Status status = make_status(plan, o, {}, {}, "degraded");
  for (const auto& i : status.instances)
    if (i.component == "web") CHECK(i.state == "unknown");
  o.hosts["a"].apps["/web"] = {};
  CHECK(step(diff(d, o, {}), "a", "web")->reason == "not there");
}

TEST_CASE("an engine that gave no answer is not given another, empty world", "[unasked]") {
  Desired d = desired();
  Instance engine;
  engine.host = "a";
  engine.component = "engine";
  FileSpec file;
  file.path = "/etc/engine.json";
  file.content = R"({"data-root": "/srv"})";
  file.merge = Merge::json;
  file.empties_keys = {{"data-root", "/var/lib/docker"}};
  engine.files.push_back(file);
  test::as<ServiceSpec>(engine).reload = test::as<ServiceSpec>(engine).restart = {"restart"};
  test::as<ServiceSpec>(engine).shown = {{"labels", "/Labels"}};
  d.instances.push_back(engine);
  ComponentPlan component;
  component.component = "engine";
  component.service = true;
  d.components.push_back(component);
  const Plan plan = diff(d, without_engine(true, true), {});
  REQUIRE(plan.refusals.size() == 1);
  CHECK(plan.refusals[0].text ==
        "data-root of a would give its engine another, empty world, and what is in the one that it has is not known: "
        "its engine does not run; start it with its old settings first");
  CHECK(diff(d, without_engine(false, true), {}).refusals.empty());
}
