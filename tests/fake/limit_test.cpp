// Runs over a part of a cluster: the plan says before what the run would say, its last line what status says of all.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

struct LimitRow {
  const char* what;
  std::set<std::string> limit;
  std::set<std::string> off, stopped;  // hosts that cannot be reached; members whose container has exited
  bool refused;
};

void strike(World& w, const LimitRow& row) {
  for (const auto& host : row.off) w.machines.at(host).reachable = false;
  for (const auto& host : row.stopped) w.machines.at(host).find("cctl-c-zk")->state = "exited";
}

int steps_of(const Plan& plan, const std::string& component) {
  int out = 0;
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps) out += step.component == component && step.action != Action::pull;
  return out;
}

}  // namespace

TEST_CASE("a limited up is told by its plan what the run would refuse; only starting members goes on") {
  for (const LimitRow& row : {
           LimitRow{"all are there", {"a", "b"}, {}, {}, false},
           LimitRow{"the one left out is off", {"a", "b"}, {"c"}, {}, true},
           LimitRow{"the one left out has stopped", {"a", "b"}, {}, {"c"}, true},
           LimitRow{"one of those chosen has stopped, and is mended first", {"a", "b"}, {}, {"b"}, false},
           LimitRow{"one of those chosen has stopped, the one left out is off", {"a", "b"}, {"c"}, {"b"}, true},
           LimitRow{"only the stopped one is chosen", {"b"}, {}, {"b"}, false},
           LimitRow{"a slave is off, which is in no ensemble", {"a", "b", "c"}, {"e"}, {}, false},
       }) {
    INFO(row.what);
    Running cluster;
    strike(cluster.w, row);
    Wish wish = cluster.wish;
    wish.zk_config = "two";
    RunOptions options;
    options.diff.limit = row.limit;
    options.heedless = true;
    const Ended ended = run(cluster.w, desired(wish), options);
    bool told = !ended.plan.refusals.empty();
    for (const auto& warning : ended.plan.warnings) told = told || warning.find("would leave") != std::string::npos;
    CHECK(told == row.refused);
    CHECK(ended.plan.refusals.empty() == !(row.refused && row.stopped.count("b") == 0));
    CHECK((ended.exit == 8) == row.refused);
    CHECK(cluster.w.broken_rules.empty());
    if (!row.refused && row.limit.size() == 2)
      for (const auto& wave : ended.plan.first().waves)
        for (const auto& step : wave.steps)
          if (step.component == "zk" && step.interrupts) CHECK(step.others_serve == 2);
  }
}

TEST_CASE("who falls silent after the plan was shown ends a run that is about it, and no other") {
  struct Row {
    const char* what;
    std::set<std::string> limit;
    std::string silent;
    int exit;
    const char* told;
  };
  for (const Row& row : {
           Row{"a slave that is left out", {"d"}, "e", 0, ""},
           Row{"a member that is left out, of an ensemble that nothing is done to", {"d"}, "b", 0, ""},
           Row{"a member that is left out and needed for a majority", {"a"}, "b", 8, "refused: "},
           Row{"one that was chosen", {"d", "e"}, "e", 4, "or go on without it: clusterctl up -l d"},
           Row{"one of all", {}, "e", 4, "or go on without it: clusterctl up -l @masters,d"},
       }) {
    INFO(row.what);
    Running cluster;
    Wish wish = cluster.wish;
    wish.zk_config = wish.app_config = "two";
    RunOptions options;
    options.diff.limit = row.limit;
    cluster.w.on_operation = [&, locked = false](const std::string& operation) mutable {
      locked = locked || operation.starts_with("hold ");
      if (locked && (operation + " ").find(" " + row.silent + " ") != std::string::npos)
        throw Unreachable(row.silent + " has not answered for 60 s");
    };
    const Ended ended = run(cluster.w, desired(wish), options);
    INFO(ended.error);
    CHECK(ended.exit == row.exit);
    CHECK_THAT(ended.error, Catch::Matchers::Contains(row.told));
    CHECK(cluster.w.broken_rules.empty());
  }
}

TEST_CASE("a limited down keeps the majority of what stays") {
  for (const LimitRow& row : {
           LimitRow{"the first of three", {"a"}, {}, {}, false},
           LimitRow{"two of three", {"a", "b"}, {}, {}, true},
           LimitRow{"all three", {"a", "b", "c"}, {}, {}, false},
           LimitRow{"one while another is off", {"a"}, {"c"}, {}, true},
           LimitRow{"one while another has stopped", {"a"}, {}, {"c"}, true},
           LimitRow{"the stopped one", {"c"}, {}, {"c"}, false},
           LimitRow{"slaves", {"d", "e"}, {}, {}, false},
       }) {
    INFO(row.what);
    Running cluster;
    strike(cluster.w, row);
    const std::string before = snapshot(cluster.w);
    RunOptions options;
    options.down = true;
    options.diff.limit = row.limit;
    const Ended ended = run(cluster.w, desired(cluster.wish), options);
    CHECK(ended.exit == (row.refused ? 8 : 0));
    if (row.refused) CHECK(snapshot(cluster.w) == before);
  }
}

TEST_CASE_METHOD(Running, "one member after the other goes down until the majority is asked for") {
  const auto down = [&](const std::set<std::string>& limit, const std::set<std::string>& components) {
    RunOptions options;
    options.down = true;
    options.diff.limit = limit;
    options.diff.components = components;
    return run(w, desired(wish), options);
  };
  const Ended first = down({"a"}, {"zk"});
  CHECK(first.exit == 0);
  CHECK(first.plan.warnings == std::vector<std::string>{"zk: 2 of 3 left, can lose 0"});
  CHECK(w.broken_rules.empty());
  const Ended second = down({"b"}, {"zk"});
  CHECK(second.exit == 8);
  CHECK(second.error.find("refused: zk: without b 1 of 3 would be left, 2 are needed (not running: a)") == 0);
  CHECK(down({}, {"zk"}).exit == 0);  // all that is left of it
}

TEST_CASE_METHOD(Running, "a run over one component needs the hosts of that component alone") {
  w.machines.at("e").reachable = false;
  wish.zk_config = "two";
  wish.app_config = "two";
  RunOptions options;
  options.diff.components = {"zk"};
  const Ended ended = run(w, desired(wish), options);
  CHECK(ended.exit == 0);
  CHECK(steps_of(ended.plan, "zk") == 3);
  CHECK(steps_of(ended.plan, "app") == 0);
  CHECK(ended.plan.summary.unseen == 0);
  CHECK(ended.plan.warnings.empty());
  options.diff.components = {"app"};
  CHECK(run(w, desired(wish), options).exit == 4);
}

TEST_CASE("the last line of a run says of what it left alone what status says, which decides no exit code") {
  struct Row {
    const char* what;
    DiffOptions chosen;
    const char *health, *cause;
    int missing;
  };
  DiffOptions one_host, one_component, more_hosts;
  one_host.limit = {"a"};
  one_component.components = {"app"};
  more_hosts.limit = {"a", "b", "c", "d"};
  for (const Row& row : {
           Row{"all of it", {}, "healthy", "", 0},
           Row{"one host", one_host, "degraded", "engine on b, engine on c and 2 more missing", 4},
           Row{"all but one", more_hosts, "degraded", "engine on e missing", 1},
           Row{"what has no settings", one_component, "degraded", "engine on a, engine on b and 3 more missing", 5},
       }) {
    INFO(row.what);
    Running cluster;
    cluster.wish.settings = R"({"live": true})";
    RunOptions options;
    options.diff = row.chosen;
    const Ended ended = run(cluster.w, desired(cluster.wish), options);
    CHECK(ended.exit == 0);
    REQUIRE(ended.proof);
    CHECK(ended.proof->good);
    const Status& last = ended.proof->status;
    CHECK(last.health == row.health);
    CHECK(last.cause == row.cause);
    CHECK(std::count_if(last.instances.begin(), last.instances.end(),
                        [](const StatusInstance& i) { return i.state == "missing"; }) == row.missing);
    CHECK(status_json(last) == status_json(status_now(cluster.w, desired(cluster.wish))));
  }
}
