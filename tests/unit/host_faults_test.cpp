// What was read on a host and cannot be used: no mistake of the inventory, but a refusal, a failed check and a row.
#include "plan/host_faults.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "check_support.hpp"
#include "kind.hpp"
#include "load_support.hpp"
#include "plan/expand.hpp"
#include "report/status.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

const std::string kWhat = "/var/lib/zookeeper/myid holds \"replace this text\", not a number from 1 to 254";

HostFault fault() {
  return {"h1", "web", kWhat, "on h1: mv it away, then clusterctl up gives it one", true};
}

}  // namespace

TEST_CASE("an id file of a host that holds a text is no mistake of the inventory", "[faults]") {
  const test::Scratch scratch;
  const LoadResult loaded = load(scratch.file("inventory.yml",
                                              "cluster: a\nversions: {zookeeper: 3.8.0}\nmasters:\n"
                                              "  - {name: m1, address: 10.0.0.1}\n  - {name: m2, address: 10.0.0.2}\n"
                                              "  - {name: m3, address: 10.0.0.3}\n"),
                                 cctl::test::source_dir);
  REQUIRE(loaded.ok());
  KnownIds ids;
  ObservedFile text, two;
  text.exists = two.exists = true;
  text.content = "replace this text\n";
  two.content = "2\n";
  ids.on_disk["m1"]["/var/lib/zookeeper/myid"] = text;
  ids.on_disk["m2"]["/var/lib/zookeeper/myid"] = two;
  std::vector<Mistake> mistakes;
  const Desired desired = expand(loaded.sources, ids, mistakes);
  CHECK(mistakes.empty());
  REQUIRE(desired.faults.size() == 1);
  CHECK(desired.faults[0].in_words() ==
        "zookeeper on m1: " + kWhat +
            "; on m1: mv /var/lib/zookeeper/myid /var/lib/zookeeper/myid.old, then clusterctl up gives it one");
  CHECK(desired.find("m2", "zookeeper")->member_id == 2);
}

TEST_CASE("a fault refuses a plan of its component, and is told by every plan", "[faults]") {
  struct Row {
    const char* what;
    std::set<std::string> limit, components;
    bool refused;
  };
  for (const Row& row : {
           Row{"of all", {}, {}, true},
           Row{"of its component", {}, {"web"}, true},
           Row{"of another host of its component, which is told of it", {"h2"}, {}, true},
           Row{"of another component", {}, {"other"}, false},
           Row{"of hosts that have nothing of it", {"h9"}, {}, false},
       }) {
    INFO(row.what);
    Plan plan;
    plan.first().desired = check_test::good().desired;
    plan.first().desired.faults = {fault()};
    DiffOptions chosen;
    chosen.limit = row.limit;
    chosen.components = row.components;
    tell_faults(plan, chosen);
    CHECK(plan.faults == std::vector<std::string>{fault().in_words()});
    REQUIRE(plan.refusals.empty() != row.refused);
    if (!row.refused) continue;
    CHECK(plan.refusals[0].exit_code == 3);
    CHECK(plan.refusals[0].text == fault().in_words());
  }
}

TEST_CASE("a fault fails the check of its host, and a number passes it", "[faults]") {
  CheckInput input = check_test::good();
  CHECK(check_test::says(input, "data.id") == "nothing");
  for (auto& i : input.desired.instances) i.member_id = 7;
  CHECK(check_test::says(input, "data.id") == "ok h1: web is member 7");
  input.desired.faults = {fault()};
  CHECK(check_test::says(input, "data.id") == "failed h1: " + kWhat);
  CHECK(check_test::check(input, "data.id").at(0).next == fault().next);
}

TEST_CASE("a fault is told on the row of its instance, and makes a cluster degraded", "[faults]") {
  Plan plan;
  plan.first().desired = check_test::good(1).desired;
  plan.first().desired.faults = {fault()};
  tell_faults(plan, {});
  for (const char* state : {"running", "exited"}) {
    Observed observed = check_test::good(1).observed;
    observed.hosts["h1"].containers = {{"1", "cctl-c-web", "web:1", "", state, "", {}}};
    const Status status = make_status(plan, observed, {}, {}, "healthy");
    CHECK(status.health == "degraded");
    CHECK(status.wanting == std::vector<std::string>{fault().in_words()});
    CHECK(status.instances.at(0).fault == kWhat);
    CHECK(status_text(status, Look{}).find(kWhat) != std::string::npos);
    CHECK(status_json(status)["instances"][0]["fault"] == kWhat);
  }
}

TEST_CASE("where all is ready, a fault is the cause", "[faults]") {
  Plan plan;
  plan.first().desired = check_test::good(1).desired;
  plan.first().desired.faults = {fault()};
  tell_faults(plan, {});
  Observed observed = check_test::good(1).observed;
  observed.hosts["h1"].containers = {{"1", "cctl-c-web", "web:1", "", "running", "", {}}};
  InstanceHealth ready;
  ready.host = "h1", ready.component = "web", ready.ready = true;
  CHECK(make_status(plan, observed, {ready}, {}, "healthy").cause == "web on h1: " + kWhat);
}

TEST_CASE("an app that restarts is told as that, with why", "[faults]") {
  Plan plan;
  Host host;
  host.name = "h1";
  Instance web;
  web.host = "h1", web.component = "/web", test::as<AppSpec>(web).id = "/web";
  plan.first().desired.hosts = {host};
  plan.first().desired.instances = {web};
  Observed observed;
  observed.hosts["h1"].reachable = true;
  ObservedApp& app = observed.hosts["h1"].apps["/web"];
  app.exists = true;
  app.pulse = {AppPulse::Kind::restarting, "its last task ended on s1 with TASK_FAILED: exit 3"};
  InstanceHealth health;
  health.host = "h1", health.component = "/web", health.seen = app.pulse.reason;
  const Status status = make_status(plan, observed, {health}, {}, "degraded");
  CHECK(status.instances.at(0).state == "restarting");
  CHECK(status.instances.at(0).health == "unhealthy");
  CHECK(status_text(status, Look{}).find("restarting         its last task ended on s1 with TASK_FAILED: exit 3") !=
        std::string::npos);
}
