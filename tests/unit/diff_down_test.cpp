// What a plan of down takes, leaves, and says of what it leaves.
#include "catch.hpp"
#include "diff_support.hpp"
#include "kind.hpp"

using namespace cctl;
using namespace cctl::diff_test;

TEST_CASE("a part that goes down says what it leaves", "[diff]") {
  const auto d = desired();
  const auto o = as_wanted(d);
  DiffOptions two;
  two.limit = {"a", "b"};
  CHECK(diff_down(d, o, two, false).warnings == std::vector<std::string>{"zk: 1 of 3 left, 2 are needed"});
  REQUIRE(diff_down(d, o, two, false).refusals.size() == 1);
  CHECK(diff_down(d, o, two, false).refusals[0].exit_code == 8);
  CHECK(diff_down(d, o, two, false)
            .refusals[0]
            .text.find(
                "zk: without a, b 1 of 3 would be left, 2 are needed; clusterctl down --component zk takes all") == 0);
  DiffOptions zk;
  zk.components = {"zk"};
  CHECK(diff_down(d, o, zk, false).warnings == std::vector<std::string>{"app needs zk and stays"});
  DiffOptions one;
  one.limit = {"a"};
  CHECK(diff_down(d, o, one, false).warnings == std::vector<std::string>{"zk: 2 of 3 left, can lose 0"});
  CHECK(diff_down(d, o, one, false).refusals.empty());
  auto agents = d;
  for (auto& i : agents.instances)
    if (i.component == "app") test::as<Container>(i).guests = "mesos-";
  auto busy = o;
  ObservedContainer task;
  task.name = "mesos-1.2";
  task.state = "running";
  busy.hosts["b"].containers.push_back(task);
  const auto warnings = diff_down(agents, busy, {}, false).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("b: of 1 tasks") == 0);
}

TEST_CASE("down takes everything with our label in reverse order, data only when asked", "[diff]") {
  const auto d = desired();
  const auto o = as_wanted(d);
  const auto p = diff_down(d, o, {}, false);
  REQUIRE(p.first().waves.size() == 3);
  CHECK(p.first().waves[0].component == "app");
  CHECK(p.first().waves[1].component == "zk");
  CHECK(p.first().waves[2].component.empty());
  CHECK_FALSE(p.first().waves[2].steps[0].remains()->data);
  CHECK(p.summary.remove == 6);
  CHECK(diff_down(d, o, {}, true).first().waves[2].steps[0].remains()->data);
  Observed empty;
  for (const auto& h : d.hosts) empty.hosts[h.name].reachable = true, empty.hosts[h.name].name = h.name;
  CHECK(diff_down(d, empty, {}, true).nothing_to_do());
}

TEST_CASE("down says which apps it leaves because nobody answers for them", "[diff]") {
  auto d = desired();
  Instance web;
  web.host = "a";
  web.component = test::as<AppSpec>(web).id = "/web";
  test::as<AppSpec>(web).through = "app";
  test::as<AppSpec>(web).addresses = {"192.0.2.1"};
  d.instances.push_back(web);
  ComponentPlan p;
  p.component = "/web";
  d.components.push_back(p);
  auto o = as_wanted(desired());
  CHECK(diff_down(d, o, {}, false).warnings ==
        std::vector<std::string>{"app does not answer: the app /web is not removed, and its tasks are left"});
  SECTION("one that answers removes it first") {
    o.hosts["a"].apps["/web"] = {true, "digest", "", "", 1, {}};
    const auto down = diff_down(d, o, {}, false);
    CHECK(down.warnings.empty());
    CHECK(down.first().waves[0].steps[0].component == "/web");
  }
  SECTION("where it is not there any more, there is nobody to ask") {
    Observed gone;
    for (const auto& h : d.hosts) gone.hosts[h.name].reachable = true;
    CHECK(diff_down(d, gone, {}, false).warnings.empty());
  }
}

TEST_CASE("down tells of a cluster of another name in the places of its own", "[diff]") {
  const auto d = desired();
  auto o = as_wanted(d);
  // label::cluster of a container, and what is told of it.
  struct Row {
    const char *cluster, *component, *told;
  };
  const std::string stays =
      ", which stays: if \"" + d.cluster + "\" was called that, its name has to be \"old\" again to take it down";
  for (const Row& row : {Row{"old", "zk", "zk on a"}, Row{"old", "else", ""}, Row{"", "zk", ""}}) {
    INFO(row.cluster << " " << row.component);
    auto seen = o;
    seen.hosts["a"].containers.push_back(
        {"id", "x", "zk:1", "", "running", "Up", {{label::cluster, row.cluster}, {label::component, row.component}}});
    const auto warnings = diff_down(d, seen, {}, false).warnings;
    if (!*row.told)
      CHECK(warnings.empty());
    else
      CHECK(warnings == std::vector<std::string>{"cluster \"old\" runs " + std::string(row.told) + stays});
    DiffOptions elsewhere;
    elsewhere.limit = {"b"};
    for (const auto& w : diff_down(d, seen, elsewhere, false).warnings) CHECK(w.find("old") == std::string::npos);
  }
}
