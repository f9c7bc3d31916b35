// Apps: definitions made whole, whether a slave can run them, and why Marathon does not start one.
#include "catch.hpp"
#include "model/error.hpp"
#include "plan/app_fit.hpp"
#include "plan/app_spec.hpp"
#include "plan/app_state.hpp"
#include "plan/app_stuck.hpp"
#include "plan/extract.hpp"

using namespace cctl;

namespace {

const std::string kReasons[] = {"UnfulfilledRole",    "UnfulfilledConstraint", "AgentMaintenance", "InsufficientCpus",
                                "InsufficientMemory", "InsufficientDisk",      "InsufficientGpus", "InsufficientPorts"};

// A row for each reason, in the order of the matching: what one declines, later ones do not see.
std::string summary(const std::string& reason, int declined, int offers) {
  std::string out = "[";
  bool seen = false;
  for (const auto& word : kReasons) {
    out += (out == "[" ? "" : ",") + ("{\"reason\":\"" + word + "\",\"declined\":") +
           std::to_string(word == reason ? declined : 0) + ",\"processed\":" + std::to_string(seen ? 0 : offers) + "}";
    seen = seen || (word == reason && declined == offers);
  }
  return out + "]";
}

std::string queue(const std::string& app, const std::string& reason, int declined, int offers,
                  const std::string& unused = "[]") {
  return R"({"queue":[{"count":1,"delay":{"timeLeftSeconds":0,"overdue":true},"app":)" + app +
         R"(,"processedOffersSummary":{"processedOffersCount":)" + std::to_string(offers) +
         R"(,"rejectSummaryLastOffers":)" + summary(reason, declined, offers) + R"(,"rejectSummaryLaunchAttempt":)" +
         summary(reason, declined * 9, offers * 9) + R"(},"lastUnusedOffers":)" + unused + "}]}";
}

std::string slaves(const std::string& rows) {
  return R"({"slaves":[)" + rows + "]}";
}

const std::string kSmall = R"({"hostname":"10.0.0.1","active":true,"resources":{"cpus":2,"mem":2976,"disk":9000}})";
const std::string kLarge = R"({"hostname":"10.0.0.2","active":true,"resources":{"cpus":1,"mem":6000,"disk":9000}})";

}  // namespace

TEST_CASE("a definition gets its slash, its instances and its labels") {
  const AppSpec app = app_spec(R"({"id": "web", "cmd": "x"})", {"10.0.0.1", "10.0.0.2"}, 8080, "1.2");
  CHECK(app.id == "/web");
  CHECK(app.instances == 1);
  CHECK(app_digest(app.json).size() == 64);
  const AppState state = app_state(R"({"app":)" + app.json + "}");
  CHECK(state.component_version == "1.2");
  CHECK(state.instances == 1);
  CHECK(app_digest(app_spec(R"({"cmd":"x","id":"/web","instances":1})", {}, 1, "1.2").json) == app_digest(app.json));
  CHECK(app_digest(app_spec(R"({"cmd":"y","id":"/web"})", {}, 1, "1.2").json) != app_digest(app.json));
  // More of the same is no other version.
  CHECK(app_digest(app_spec(R"({"cmd":"x","id":"/web","instances":5})", {}, 1, "1.2").json) == app_digest(app.json));
  for (const char* bad : {"", "[]", "{}", R"({"id": 1})", R"({"id": "a", "instances": "2"})",
                          R"({"id": "a", "instances": -1})", R"({"id": "a", "labels": []})"})
    CHECK_THROWS_AS(app_spec(bad, {}, 1), Error);
}

TEST_CASE("the probe of an app wants running tasks, healthy ones where that is checked, and no deployment") {
  struct Row {
    bool checks;
    std::string answer;
    bool ok;
  };
  const std::vector<Row> rows = {
      {false, R"({"app":{"tasksRunning":2,"tasksHealthy":0,"deployments":[]}})", true},
      {false, R"({"app":{"tasksRunning":1,"tasksHealthy":0,"deployments":[]}})", false},
      {false, R"({"app":{"tasksRunning":3,"tasksHealthy":0,"deployments":[]}})", false},
      {false, R"({"app":{"tasksRunning":2,"tasksHealthy":0,"deployments":[{"id":"d"}]}})", false},
      {false, R"({"app":{"tasksRunning":2,"tasksHealthy":0,"deployments":[{}]}})", false},
      {false, R"({"app":{"tasksRunning":2,"tasksHealthy":0,"deployments":{}}})", false},
      {false, R"({"app":{"tasksRunning":2,"tasksHealthy":0}})", false},
      {true, R"({"app":{"tasksRunning":2,"tasksHealthy":1,"deployments":[]}})", false},
      {true, R"({"app":{"tasksRunning":2,"tasksHealthy":2,"deployments":[]}})", true},
      {true, "gateway", false},
  };
  for (const auto& row : rows) {
    INFO(row.answer);
    const std::string checks = row.checks ? R"(,"healthChecks":[{"protocol":"TCP"}])" : "";
    const AppSpec app = app_spec(R"({"id":"/web","instances":2)" + checks + "}", {"10.0.0.1", "10.0.0.2"}, 8080);
    const Probe probe = app_probe(app);
    CHECK(probe.path == "/v2/apps//web");
    CHECK(probe.or_else == std::vector<std::string>{"10.0.0.2"});
    Answer answer;
    answer.status = 200;
    answer.body = row.answer;
    CHECK(judge(probe, answer).ok == row.ok);
  }
}

TEST_CASE("apps as Marathon lists them") {
  const auto apps = app_states(R"({"apps":[
    {"id":"/b","instances":3,"tasksRunning":2,"tasksHealthy":1,"healthChecks":[{}],"deployments":[{"id":"d1"}],"version":"v"},
    {"id":"/a","instances":1,"tasksRunning":1,"deployments":[],"container":{"docker":{"image":"nginx:1.7.7"}}}, 7]})");
  REQUIRE(apps.size() == 3);
  CHECK(apps[1].id == "/a");
  CHECK(apps[1].image == "nginx:1.7.7");
  CHECK(apps[1].settled());
  CHECK(apps[2].in_words() == "2 of 3 run, 1 of 3 healthy, a deployment is under way");
  CHECK_FALSE(apps[2].settled());
  for (const char* odd : {"", "[]", "{}", R"({"apps":{}})"}) CHECK(app_states(odd).empty());
}

TEST_CASE("why an app is stuck, by what Marathon says of its offers") {
  const std::string big = R"({"id":"/big","cpus":8,"mem":4096,"disk":9,"constraints":[["rack","LIKE","r9"]],)"
                          R"("container":{"portMappings":[{"hostPort":80},{"hostPort":0}]}})";
  const std::string unused = R"([{"offer":{"resources":[{"name":"mem","role":"*","scalar":800},{"name":"mem","role":"a",
    "scalar":100},{"name":"cpus","scalar":0.7}]}},{"offer":{"resources":[{"name":"mem","scalar":700}]}}])";
  struct Row {
    std::string reason, text;
  };
  const std::vector<Row> rows = {
      {"InsufficientMemory",
       "no slave offers 4096 MB of memory: 2 of 2 offers had too little, the largest 900 MB of "
       "memory (InsufficientMemory); a slave offers what its machine has less 1 GB, whatever is "
       "cached: raise resources of mesos-slave or lower mem"},
      {"InsufficientCpus",
       "no slave offers 8 cpus: 2 of 2 offers had too little, the largest 0.7 cpus "
       "(InsufficientCpus); raise resources of mesos-slave or lower cpus"},
      {"InsufficientDisk",
       "no slave offers 9 MB of disk: 2 of 2 offers had too little, the largest 0 MB of disk "
       "(InsufficientDisk); a slave offers its disk less 5 GB: raise resources of mesos-slave or "
       "lower disk"},
      {"UnfulfilledConstraint",
       "2 of 2 offers did not meet its constraints [[\"rack\",\"LIKE\",\"r9\"]] "
       "(UnfulfilledConstraint); see hostname and attributes of mesos-slave"},
      {"UnfulfilledRole",
       "2 of 2 offers were for another role (UnfulfilledRole); see acceptedResourceRoles of the app, "
       "and the roles in resources of mesos-slave"},
      {"InsufficientPorts",
       "2 of 2 offers lacked a port that it asks for 80 (InsufficientPorts); a slave offers 31000 "
       "to 32000 unless its resources say otherwise, each port once"},
      {"AgentMaintenance", "2 of 2 offers came from slaves in maintenance (AgentMaintenance)"},
  };
  for (const auto& row : rows) {
    CHECK(app_stuck("/big", queue(big, row.reason, 2, 2, unused), "{}") == row.text);
    CHECK(app_stuck("/other", queue(big, row.reason, 2, 2, unused), "{}").empty());
  }
  CHECK(app_stuck("/big", queue(big, "", 0, 0), "") ==
        "Marathon has had no offer for it: no slave is registered, or all that they have is in use");
}

TEST_CASE("without offers to speak of, the last failure and the delay tell") {
  const std::string app = R"({"app":{"id":"/f","lastTaskFailure":{"host":"10.0.0.1","state":"TASK_FAILED",
    "message":"Command exited with status 3"}}})";
  CHECK(app_stuck("/f", R"({"queue":[]})", app) ==
        "its last task ended on 10.0.0.1 with TASK_FAILED: Command exited with status 3");
  // Before 1.4 there is no summary.
  CHECK(app_stuck("/f", R"({"queue":[{"app":{"id":"/f"},"delay":{"timeLeftSeconds":7,"overdue":false}}]})", app) ==
        "Marathon waits for a while before it tries again; its last task ended on 10.0.0.1 with TASK_FAILED: Command "
        "exited with status 3");
  for (const char* odd : {"", "[]", "7", R"({"queue":{}})", R"({"queue":[7,{"app":7}]})"})
    CHECK(app_stuck("/f", odd, odd).empty());
}

TEST_CASE("an app that no slave can ever run is known from the masters' list") {
  const std::string ported = slaves(R"({"hostname":"10.0.0.1","resources":{"ports":"[31000-31010, 31900-32000]"}},)"
                                    R"({"hostname":"10.0.0.2","resources":{"ports":"[31000-32000]"}})");
  const auto outside = [](int port) {
    return "it wants port " + std::to_string(port) +
           " of its slave, and none offers that (10.0.0.1 offers 31000-31010, 31900-32000); take one that is offered, "
           "0 "
           "for any, or add it to the ports of resources of mesos-slave";
  };
  struct Row {
    std::string app, known, text;
  };
  const std::string both = slaves(kSmall + "," + kLarge);
  const std::string racks = slaves(R"({"hostname":"10.0.0.1","resources":{"mem":1024},"attributes":{"rack":"r1"}},)"
                                   R"({"hostname":"10.0.0.2","resources":{"mem":256},"attributes":{"rack":"r2"}})");
  const std::vector<Row> rows = {
      {R"({"mem":4096})", both, ""},
      {R"({"cpus":2,"mem":2976})", both, ""},
      {R"({"mem":0,"cpus":0})", both, ""},
      {R"({"mem":64000})", slaves(""), ""},
      {R"({"mem":64000})", "502", ""},
      {R"({"mem":64000})", slaves(R"({"hostname":"10.0.0.1","active":false,"resources":{"mem":1}})"), ""},
      {R"({"mem":6001})", both,
       "it asks for 6001 MB of memory for each instance, and the largest of 2 slaves has 6000 MB of memory; a slave "
       "offers what its machine has less 1 GB, whatever is cached: raise resources of mesos-slave or lower mem"},
      {R"({"cpus":2.5})", slaves(kSmall),
       "it asks for 2.5 cpus for each instance, and the only slave has 2 cpus; raise resources of mesos-slave or lower "
       "cpus"},
      {R"({"cpus":2,"mem":4096})", both, "none of 2 slaves has all of 2 cpus, 4096 MB of memory at once"},
      {R"({"mem":4096,"constraints":[["hostname","CLUSTER","10.0.0.1"]]})", both,
       "it asks for 4096 MB of memory for each instance, and the only slave has 2976 MB of memory; a slave offers what "
       "its machine has less 1 GB, whatever is cached: raise resources of mesos-slave or lower mem"},
      {R"({"constraints":[["hostname","CLUSTER","10.0.0.9"]]})", both,
       "its constraint wants the slave 10.0.0.9, which is not registered; known: 10.0.0.1, 10.0.0.2"},
      {R"({"constraints":[["hostname","UNIQUE"]]})", both, ""},
      {R"({"instances":2,"constraints":[["hostname","UNIQUE"]]})", both, ""},
      {R"({"instances":3,"constraints":[["hostname","UNIQUE"]]})", both,
       "each of its 3 instances wants a slave of its own (hostname UNIQUE), and there are 2 that can run it"},
      {R"({"instances":5,"constraints":[["hostname","UNIQUE"]]})", slaves(kSmall),
       "each of its 5 instances wants a slave of its own (hostname UNIQUE), and there is 1 that can run it"},
      {R"({"ports":[80],"requirePorts":true})", ported, outside(80)},
      {R"({"portDefinitions":[{"port":80}],"requirePorts":true})", ported, outside(80)},
      {R"({"container":{"docker":{"portMappings":[{"hostPort":8080}]}}})", ported, outside(8080)},
      {R"({"container":{"portMappings":[{"hostPort":0},{"hostPort":32001}]}})", ported, outside(32001)},
      {R"({"ports":[80],"requirePorts":false})", ported, ""},
      {R"({"ports":[80]})", ported, ""},
      {R"({"ports":[0,31005],"requirePorts":true})", ported, ""},
      {R"({"container":{"portMappings":[{"hostPort":32000},{"hostPort":null},{}]}})", ported, ""},
      {R"({"ports":[80],"requirePorts":true})", both, ""},  // which ports these offer is not told
      {R"({"instances":2,"container":{"portMappings":[{"hostPort":31000}]}})", ported, ""},
      {R"({"instances":3,"container":{"portMappings":[{"hostPort":31000}]}})", ported,
       "each of its 3 instances wants port 31000 of its slave, so each wants a slave of its own, and there are 2 that "
       "can run it"},
      {R"({"instances":3,"container":{"portMappings":[{"hostPort":0}]}})", ported, ""},
      {R"({"instances":2,"ports":[31500],"requirePorts":true})", ported,
       "each of its 2 instances wants port 31500 of its slave, so each wants a slave of its own, and there is 1 that "
       "can run it"},
      {R"({"constraints":[["rack","CLUSTER","r1"]]})", both,
       "its constraint wants a slave with rack r1, and none has it; no slave has an attribute rack; see attributes of "
       "mesos-slave"},
      {R"({"constraints":[["rack","CLUSTER","r9"]]})", racks,
       "its constraint wants a slave with rack r9, and none has it; known: r1, r2; see attributes of mesos-slave"},
      {R"({"constraints":[["rack","CLUSTER","r1"]]})", racks, ""},
      {R"({"mem":512,"constraints":[["rack","IS","r2"],["rack","GROUP_BY"]]})", racks,
       "it asks for 512 MB of memory for each instance, and the only slave has 256 MB of memory; a slave offers what "
       "its machine has less 1 GB, whatever is cached: raise resources of mesos-slave or lower mem"},
  };
  for (const auto& row : rows) {
    INFO(row.app);
    CHECK(app_too_large(row.app, row.known) == row.text);
  }
}

TEST_CASE("whether there is room beside what runs is known from what is used") {
  const std::string busy =
      slaves(R"({"hostname":"10.0.0.1","resources":{"cpus":2,"mem":900},"used_resources":{"cpus":1.5,"mem":100}},)"
             R"({"hostname":"10.0.0.2","resources":{"cpus":2,"mem":900},"used_resources":{"cpus":0.5,"mem":800}})");
  struct Row {
    std::string app, known, text;
  };
  const std::string taken =
      slaves(R"({"hostname":"a","resources":{"ports":"[31000-32000]"},"used_resources":{"ports":"[31000-31000]"}})");
  const std::string others = "; end or scale down others, add slaves, or ";
  for (const Row& row : std::vector<Row>{
           {R"({"cpus":1.5,"mem":100})", busy, ""},
           {R"({"cpus":2})", busy,
            "one more instance needs 2 cpus, and no slave has more than 1.5 cpus left" + others + "lower cpus"},
           {R"({"cpus":1,"mem":500})", busy,
            "one more instance needs 1 cpus, 500 MB of memory at once, and no slave has that left" + others +
                "ask for less"},
           {R"({"cpus":1,"constraints":[["hostname","CLUSTER","10.0.0.1"]]})", busy,
            "one more instance needs 1 cpus, and no slave has more than 0.5 cpus left" + others + "lower cpus"},
           {R"({"instances":2,"constraints":[["hostname","UNIQUE"]]})", busy, ""},
           {R"({"instances":3,"constraints":[["hostname","UNIQUE"]]})", busy,
            "each of its 3 instances wants a slave of its own (hostname UNIQUE), and there are 2 that can run it"},
           {R"({"ports":[31000],"requirePorts":true})", taken,
            "one more instance wants port 31000 of its slave, which is taken on every slave"},
           {R"({"ports":[31001],"requirePorts":true})", taken, ""},
           {R"({"cpus":2})", slaves(kSmall), ""},
           {R"({"cpus":2})", "502", ""},
           {"", busy, ""}}) {
    INFO(row.app);
    CHECK(app_without_room(row.app, row.known) == row.text);
  }
  CHECK(app_definition(R"({"app":{"id":"/a"}})") == R"({"id":"/a"})");
  CHECK(app_definition("502").empty());
}

TEST_CASE("an address as Marathon names the master's") {
  CHECK(http_address("http://10.0.0.1:5050/")->port == 5050);
  CHECK(http_address("http://10.0.0.1:5050")->address == "10.0.0.1");
  CHECK(http_address("http://mesos.example/")->port == 80);
  for (const char* odd : {"", "null", "https://10.0.0.1:5050/", "http://", "http://:5050/", "http://a:x/"})
    CHECK_FALSE(http_address(odd));
}
