#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "kind.hpp"
#include "plan/quorum.hpp"
#include "report/plan_text.hpp"

using namespace cctl;

namespace {

PlanTextOptions options_of(bool verbose) {
  PlanTextOptions options;
  options.verbose = verbose;
  options.left = left_in_words;
  options.aim = [](const std::string& advice) { return advice; };
  options.run_words = [](const ContainerSpec& spec) {
    return std::vector<std::string>{"docker", "run", "-d", "--name", spec.name};
  };
  return options;
}

Instance instance(const std::string& host, const std::string& component) {
  Instance out;
  out.host = host;
  out.component = component;
  test::as<Container>(out).spec.name = "cctl-prod-" + component;
  return out;
}

// Two members to restart for a changed file, one agent to start, an image to fetch for it.
Plan example_plan() {
  Plan plan;
  plan.cluster = "prod";
  plan.first().desired.inventory_file = "prod.yml";
  for (const char* host : {"m1", "m2", "m3"}) plan.first().desired.instances.push_back(instance(host, "zookeeper"));
  plan.first().desired.instances.push_back(instance("s1", "mesos-slave"));
  Wave pulls{1, "images", "", RollOrder::parallel, false, {}, {}, std::chrono::seconds(60)};
  Step pull;
  pull.host = "s1", pull.action = Action::pull, pull.subject = Pull{"mesosphere/mesos-slave:0.28.1"};
  pulls.steps = {pull};
  Wave zk{2,           "zookeeper   1 at a time, leader last",
          "zookeeper", RollOrder::leader_last,
          true,        {},
          {},          std::chrono::seconds(60)};
  for (const char* host : {"m1", "m2"}) {
    Step step;
    step.wave = 2, step.host = host, step.component = "zookeeper", step.action = Action::restart;
    step.reason = "zoo.cfg changed: +server.4";
    step.interrupts = true;
    step.others_serve = 2;
    FileChange change;
    change.wanted.path = "/etc/zookeeper/conf/zoo.cfg";
    change.wanted.content = "tickTime=2000\nserver.4=192.0.2.4:2888:3888\n";
    change.exists = true;
    change.before = "tickTime=2000\n";
    step.files = {change};
    zk.steps.push_back(step);
  }
  Wave slave{3,  "mesos-slave   all at once", "mesos-slave", RollOrder::parallel, false, {},
             {}, std::chrono::seconds(60)};
  Step create;
  create.wave = 3, create.host = "s1", create.component = "mesos-slave", create.action = Action::create,
  create.reason = "not running";
  FileChange fresh;
  fresh.wanted.path = "/etc/mesos/zk";
  fresh.wanted.content = "zk://192.0.2.1:2181/mesos";
  create.files = {fresh};
  slave.steps = {create};
  plan.first().waves = {pulls, zk, slave};
  plan.strays = {{"s1", "cctl-prod-chronos", "chronos"}};
  plan.warnings = {"consul: 2 servers cannot lose any"};
  plan.summary = {4, 4, 1, 2, 0, 1};
  return plan;
}

}  // namespace

TEST_CASE("a plan's text is a header, the waves with their reasons and diffs, and a total") {
  CHECK(plan_text(example_plan(), Look{}, options_of(false)) ==
        R"(prod (prod.yml): 4 hosts, 4 instances; 1 to start, 2 to change, 1 as wanted
images
  >  s1  pull  mesosphere/mesos-slave:0.28.1
zookeeper   1 at a time, leader last
  ~  m1  zookeeper  zoo.cfg changed: +server.4  quorum while it restarts: 2 of 3, can lose 0 more
      --- /etc/zookeeper/conf/zoo.cfg
      +server.4=192.0.2.4:2888:3888
  ~  m2  zookeeper  zoo.cfg changed: +server.4  quorum while it restarts: 2 of 3, can lose 0 more
      --- /etc/zookeeper/conf/zoo.cfg (as on m1)
mesos-slave   all at once
  +  s1  mesos-slave  not running
      new: /etc/mesos/zk
stray: cctl-prod-chronos on s1 (chronos) carries this cluster's label but is not in the inventory; left alone; clusterctl down --component chronos -l s1 removes it
warning: consul: 2 servers cannot lose any
Plan: 1 to start, 2 to change on 3 hosts
)");
}

TEST_CASE("-v adds what an operator would type and whole new files") {
  const std::string text = plan_text(example_plan(), Look{}, options_of(true));
  CHECK(text.find("      $ docker run -d --name cctl-prod-mesos-slave\n") != std::string::npos);
  CHECK(text.find("      --- /etc/mesos/zk (new)\n      @@ -1 +1 @@\n      +zk://192.0.2.1:2181/mesos\n") !=
        std::string::npos);
}

TEST_CASE("what is no text is not shown line by line") {
  Plan plan = example_plan();
  plan.first().waves[1].steps[0].files[0].before = std::string("\0\1\n\2", 4);
  CHECK(plan_text(plan, Look{}, options_of(false)).find("      -(4 bytes that are no text)\n      +") !=
        std::string::npos);
}

TEST_CASE("a plan with nothing to do says so") {
  Plan plan;
  plan.cluster = "prod";
  plan.summary = {5, 24, 0, 0, 0, 24};
  CHECK(plan_text(plan, Look{}, options_of(false)) == "prod: 5 hosts, 24 instances; 24 as wanted\nnothing to do\n");
}

TEST_CASE("a plan does not speak for hosts that nobody could look at") {
  Plan plan;
  plan.cluster = "prod";
  plan.summary.hosts = 5;
  plan.summary.unseen = 2;
  const auto says = [&] { return plan_text(plan, Look{}, options_of(false)); };
  CHECK(says().ends_with("\nnothing to do, as far as 3 of 5 hosts could be looked at\n"));
  plan.summary.unseen = 5;
  CHECK(says().ends_with("\nno host could be looked at\n"));
  plan = example_plan();
  plan.summary.unseen = 1;
  CHECK(says().ends_with("\nPlan: 1 to start, 2 to change on 3 hosts, as far as 3 of 4 hosts could be looked at\n"));
  CHECK(plan_json(plan)["summary"]["unseen"] == 1);
}

TEST_CASE("a refusal is told with the plan") {
  Plan plan = example_plan();
  plan.refusals = {{8, "zookeeper would go from 3.8.0 to 3.4.13; --allow-downgrade permits it"}};
  CHECK(plan_text(plan, Look{}, options_of(false)).find("refused: zookeeper would go from 3.8.0 to 3.4.13") !=
        std::string::npos);
}

TEST_CASE("a plan's JSON has steps in wave order and the summary") {
  const auto json = plan_json(example_plan());
  CHECK(json["schema"] == "clusterctl.plan/1");
  REQUIRE(json["steps"].size() == 4);
  CHECK(json["steps"][1]["wave"] == 2);
  CHECK(json["steps"][1]["host"] == "m1");
  CHECK(json["steps"][1]["component"] == "zookeeper");
  CHECK(json["steps"][1]["action"] == "restart");
  CHECK(json["steps"][1]["reason"] == "zoo.cfg changed: +server.4");
  CHECK(json["summary"]["create"] == 1);
  CHECK(json["waves"][1]["quorum"] == true);
  CHECK(json["legs"] == nlohmann::json::parse(R"([{"title": "", "reason": "", "waves": [1, 2, 3]}])"));
  CHECK(json["strays"][0]["container"] == "cctl-prod-chronos");
  CHECK(json["nothing_to_do"] == false);
}

TEST_CASE("a turn says how many others serve meanwhile, as far as the plan knows") {
  Plan plan = example_plan();
  for (auto& wave : plan.first().waves)
    for (auto& step : wave.steps)
      if (step.interrupts) step.others_serve = 1;
  CHECK(plan_text(plan, Look{}, options_of(false)).find("quorum while it restarts: 1 of 3, 2 are needed\n") !=
        std::string::npos);
  CHECK(plan_json(plan)["steps"].dump().find("\"others_serve\":1") != std::string::npos);
  CHECK(plan_json(plan)["inventory"] == "prod.yml");
}

TEST_CASE("of an object that ours is merged into only what differs is shown, however it is laid out") {
  struct Row {
    const char *before, *after, *shown, *not_shown;
  };
  const Row rows[] = {
      {R"({"dns":["192.0.2.1"],"debug":true})",
       "{\n    \"debug\": true,\n    \"dns\": [\n        \"192.0.2.2\"\n    ]\n}\n",
       "-        \"192.0.2.1\"\n      +        \"192.0.2.2\"\n", "debug"},
      {R"({"debug":true})", "{\n    \"debug\": true\n}\n", "(only its layout differs)", "debug"},
      {"{broken", "{\n    \"debug\": true\n}\n", "-{broken", "layout"},
  };
  for (const Row& row : rows) {
    Plan plan = example_plan();
    FileChange& change = plan.first().waves[1].steps[0].files[0];
    change.wanted.path = "/etc/docker/daemon.json", change.wanted.merge = Merge::json;
    change.before = row.before, change.wanted.content = row.after;
    plan.first().waves = {plan.first().waves[1]};
    plan.first().waves[0].steps.resize(1);
    const std::string text = plan_text(plan, {}, options_of(false));
    CAPTURE(text);
    CHECK(text.find(row.shown) != std::string::npos);
    CHECK(text.find(row.not_shown) == std::string::npos);
  }
}

TEST_CASE("a diff that a host has made long is told up to a number of lines", "[report]") {
  for (const auto& [before, most] :
       {std::pair{std::string((1 << 20) - 1, '\n'), 8000}, std::pair{std::string(1 << 20, 'x'), 8000},
        std::pair{[] {
                    std::string lines;
                    for (int i = 0; i < 340; ++i) lines += std::to_string(i) + std::string(3000, 'y') + "\n";
                    return lines;
                  }(),
                  45000}}) {
    Plan plan = example_plan();
    plan.first().waves[1].steps.resize(1);
    plan.first().waves[1].steps[0].files[0].before = before;
    const std::string text = plan_text(plan, {}, options_of(false));
    CHECK(text.size() < static_cast<std::size_t>(most));
    CHECK((text.find("more lines)") != std::string::npos || text.find("(1048576 bytes)") != std::string::npos));
    CHECK(text.find("s1") != std::string::npos);
  }
}

TEST_CASE("a plan's header says how much of the hosts could be looked at") {
  struct Row {
    int hosts, instances, unseen;
    const char* header;
  };
  for (const Row& row : {Row{6, 0, 6, "prod (prod.yml): 6 hosts; no host could be looked at"},
                         Row{1, 0, 1, "prod (prod.yml): 1 host; no host could be looked at"},
                         Row{6, 9, 1, "prod (prod.yml): 6 hosts, 9 instances; 1 host could not be looked at"},
                         Row{6, 0, 0, "prod (prod.yml): 6 hosts, 0 instances; nothing there"}}) {
    Plan plan = example_plan();
    plan.summary = {};
    plan.summary.hosts = row.hosts;
    plan.summary.instances = row.instances;
    plan.summary.unseen = row.unseen;
    CHECK(plan_header(plan) == row.header);
  }
}
