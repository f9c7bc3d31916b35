#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "kind.hpp"
#include "report/failure.hpp"
#include "report/status.hpp"

using namespace cctl;

namespace {

StatusInstance healthy(const std::string& host, const std::string& component, const std::string& version) {
  StatusInstance out;
  out.host = host, out.component = component;
  out.version = out.wanted_version = version;
  out.state = "running", out.health = "healthy", out.since = "3d";
  return out;
}

Status example_status() {
  Status status;
  status.cluster = "prod";
  status.inventory = "prod.yml";
  status.health = "degraded";
  status.hosts = {{"m1", "192.0.2.1", "", true},
                  {"s1", "192.0.2.2", "", true},
                  {"s2", "192.0.2.3", "ssh: no answer in 3 s", false}};
  StatusInstance master = healthy("m1", "mesos-master", "0.28.1");
  master.leader = true;
  StatusInstance slave = healthy("s1", "mesos-slave", "0.28.0");
  slave.wanted_version = "0.28.1";
  slave.standin = true;
  StatusInstance unseen;
  unseen.host = "s2", unseen.component = "mesos-slave", unseen.wanted_version = "0.28.1",
  unseen.state = unseen.health = "unknown";
  status.instances = {master, slave, unseen};
  status.ensembles = {{"mesos-master", "mesos", 3, 3, 1}};
  status.took = std::chrono::milliseconds(900);
  return status;
}

}  // namespace

TEST_CASE("status as a table: one row per instance, an unreachable host is one row") {
  CHECK(status_text(example_status(), Look{}) == R"(prod (prod.yml): degraded       mesos 3/3 (can lose 1)
HOST  COMPONENT     VERSION  STATE        SINCE  NOTE
m1    mesos-master  0.28.1   healthy *    3d     leader
s1    mesos-slave   0.28.0   healthy      3d     wants 0.28.1, stand-in
s2    -             -        unreachable         ssh: no answer in 3 s
degraded: 2 healthy, 1 unknown, 1 behind, 1 host unreachable (0.9s)
)");
}

TEST_CASE("an unhealthy instance tells what its probes saw, a lost quorum is said") {
  Status status = example_status();
  status.instances[0].health = "unhealthy";
  status.instances[0].leader = false;
  status.instances[0].seen = "connection refused";
  status.ensembles[0] = {"mesos-master", "mesos", 3, 1, 0};
  status.wanting = {"mesos-master: exactly one of 3 has elected 1: saw 0"};
  const std::string text = status_text(status, Look{});
  CHECK(text.find("mesos 1/3 (no quorum)") != std::string::npos);
  CHECK(text.find("m1    mesos-master  0.28.1   unhealthy    3d     connection refused\n") != std::string::npos);
  CHECK(text.find("mesos-master: exactly one of 3 has elected 1: saw 0\n") != std::string::npos);
}

TEST_CASE("in which way a host could not be asked is in its row, in the totals and in JSON") {
  struct Row {
    Absence absence;
    const char *state, *total, *word;
  };
  for (const Row& row : {Row{Absence::away, "unreachable", "1 host unreachable", "away"},
                         Row{Absence::no_access, "no access", "1 host without access", "no_access"},
                         Row{Absence::unusable, "unusable", "1 host unusable", "unusable"}}) {
    Status status = example_status();
    status.hosts[2].absence = row.absence;
    const std::string text = status_text(status, Look{});
    CAPTURE(text);
    CHECK(text.find("s2    -             -        " + std::string(row.state) + " ") != std::string::npos);
    CHECK(text.find(std::string(", ") + row.total + " (0.9s)") != std::string::npos);
    CHECK(status_json(status)["hosts"][2]["absence"] == row.word);
    CHECK(status_json(status)["hosts"][2]["reachable"] == false);
  }
}

TEST_CASE("an ensemble that nobody leads can lose nothing") {
  Status status = example_status();
  status.ensembles[0].led = false;
  CHECK(status_text(status, Look{}).find("mesos 3/3 (no single leader)\n") != std::string::npos);
  CHECK(status_json(status)["quorum"]["mesos-master"]["led"] == false);
}

TEST_CASE("a majority is called lost where it is, not where it could not be asked") {
  struct Row {
    int members, healthy, unasked, tolerates;
    bool led;
    const char* words;
  };
  for (const Row& row : {
           Row{3, 3, 0, 1, true, "3/3 (can lose 1)"},
           Row{3, 2, 1, 0, true, "2/3 (can lose 0)"},
           Row{3, 3, 0, 1, false, "3/3 (no single leader)"},
           Row{3, 1, 2, 0, true, "1/3 (2 not asked)"},
           Row{3, 1, 1, 0, true, "1/3 (1 not asked)"},
           Row{3, 0, 3, 0, true, "0/3 (3 not asked)"},
           Row{1, 0, 1, 0, true, "0/1 (1 not asked)"},
           Row{3, 1, 0, 0, false, "1/3 (no quorum)"},
           Row{3, 0, 1, 0, true, "0/3 (no quorum)"},
           Row{4, 0, 2, 0, true, "0/4 (no quorum)"},
           Row{4, 2, 1, 0, true, "2/4 (1 not asked)"},
           Row{5, 0, 2, 0, true, "0/5 (no quorum)"},
       }) {
    Status status = example_status();
    status.ensembles[0] = {"mesos-master", "mesos", row.members, row.healthy, row.tolerates, row.led, row.unasked};
    const std::string words = std::string("mesos ") + row.words;
    INFO(words);
    CHECK(status_text(status, Look{}).find("       " + words + "\n") != std::string::npos);
    CHECK(health_line(status, Look{}).find("; " + words + "   ") != std::string::npos);
    CHECK(status_json(status)["quorum"]["mesos-master"]["unasked"] == row.unasked);
  }
}

TEST_CASE("status as JSON carries what the table does") {
  const auto json = status_json(example_status());
  CHECK(json["schema"] == "clusterctl.status/1");
  CHECK(json["health"] == "degraded");
  CHECK(json["hosts"][2] == nlohmann::json{{"name", "s2"},
                                           {"address", "192.0.2.3"},
                                           {"reachable", false},
                                           {"absence", "away"},
                                           {"error", "ssh: no answer in 3 s"}});
  CHECK(json["hosts"][0]["absence"].is_null());
  CHECK(json["hosts"][0]["error"].is_null());
  CHECK(json["instances"][0]["leader"] == true);
  CHECK(json["instances"][1]["version"] == "0.28.0");
  CHECK(json["instances"][1]["wanted_version"] == "0.28.1");
  CHECK(json["instances"][1]["standin"] == true);
  CHECK(json["instances"][2]["version"].is_null());
  CHECK(json["quorum"]["mesos-master"] ==
        nlohmann::json{{"members", 3}, {"healthy", 3}, {"unasked", 0}, {"tolerates", 1}, {"led", true}});
}

TEST_CASE("the last line of up") {
  Status status = example_status();
  status.health = "healthy";
  status.took = std::chrono::seconds(41);
  CHECK(health_line(status, Look{}) == "prod is healthy: 2 of 3 instances; mesos 3/3 (can lose 1)   41s");
}

TEST_CASE("state of an instance comes from its container by name, with its labels") {
  Plan plan;
  plan.cluster = "prod";
  Host host;
  host.name = "m1", host.address = "192.0.2.1";
  plan.first().desired.hosts = {host};
  Instance wanted;
  wanted.host = "m1", wanted.component = "zookeeper", wanted.version = "3.8.0",
  test::as<Container>(wanted).spec.name = "cctl-prod-zookeeper",
  test::as<Container>(wanted).spec.image = "zookeeper:3.8.0";
  plan.first().desired.instances = {wanted};
  Observed observed;
  ObservedHost& seen = observed.hosts["m1"];
  seen.reachable = true;
  CHECK(make_status(plan, observed, {}, {}, "down").instances[0].state == "missing");
  seen.containers = {{"id",
                      "cctl-prod-zookeeper",
                      "zookeeper:3.4.13",
                      "sha256:1",
                      "running",
                      "Up 2 hours",
                      {{label::version, "3.4.13"}, {label::stand_in, "yes"}}}};
  InstanceHealth health;
  health.host = "m1", health.component = "zookeeper", health.ready = true, health.leader = true;
  const StatusInstance one = make_status(plan, observed, {health}, {}, "healthy").instances[0];
  CHECK(one.version == "3.4.13");
  CHECK(one.wanted_version == "3.8.0");
  CHECK(one.health == "healthy");
  CHECK(one.leader);
  CHECK(one.standin);
  CHECK(one.since == "2h");
}

TEST_CASE("settings that were never made are missing, and the cluster is not healthy without them") {
  Plan plan;
  plan.cluster = "prod";
  Host host;
  host.name = "m1";
  plan.first().desired.hosts = {host};
  Instance names;
  names.host = "m1", names.component = "hosts-file";
  plan.first().desired.instances = {names};
  Observed observed;
  observed.hosts["m1"].reachable = true;
  InstanceHealth health;
  health.host = "m1", health.component = "hosts-file", health.ready = true;
  Status status = make_status(plan, observed, {health}, {}, "healthy");
  CHECK(status.instances[0].state == "set");
  CHECK(status.health == "healthy");
  Step step;
  step.host = "m1", step.component = "hosts-file", step.action = Action::write, step.reason = "hosts changed";
  FileChange change;
  change.wanted.path = "/etc/hosts", change.exists = true;
  step.files = {change};
  plan.first().waves.emplace_back();
  plan.first().waves[0].steps = {step};
  status = make_status(plan, observed, {health}, {}, "healthy");
  CHECK(status.instances[0].state == "missing");
  CHECK(status.health == "degraded");
  observed.hosts["m1"].manifest.files["/etc/hosts"] = {};
  status = make_status(plan, observed, {health}, {}, "healthy");
  CHECK(status.instances[0].state == "set");
  CHECK(status.instances[0].drift == "hosts changed");
  CHECK(status.health == "healthy");
}

TEST_CASE("a failure ends the search") {
  Failure failure;
  failure.host = "m3", failure.component = "mesos-master", failure.what = "did not become healthy in 60s";
  failure.wanted = "recovered 1", failure.saw = "recovered 0";
  failure.log = {"starting", "could not bind"};
  failure.state = "the old container 0.22.0 runs again";
  failure.next = "clusterctl logs mesos-master -l m3";
  CHECK(failure_text(failure, Look{}) == R"(error: mesos-master on m3 did not become healthy in 60s
  wanted  recovered 1
  saw     recovered 0
  log     | starting
          | could not bind
  state   the old container 0.22.0 runs again
  next    clusterctl logs mesos-master -l m3
)");
}

TEST_CASE("a recap tells what was not done") {
  Report report;
  report.steps = {{"m1", "zookeeper", "create", Outcome::done, "", {}},
                  {"m2", "zookeeper", "create", Outcome::failed, "no space left", {}}};
  report.exit = Exit::partial;
  report.took = std::chrono::seconds(12);
  CHECK(recap(report, Look{}) == "1 done, 1 failed   12s\n  failed  m2  zookeeper  create  no space left\n");
  report.steps.pop_back();
  report.exit = Exit::ok;
  CHECK(recap(report, Look{}).empty());
}

TEST_CASE("what happened to many hosts alike is told once") {
  Report report;
  report.exit = Exit::preflight;
  for (const char* host : {"m3", "m1", "m2"}) {
    Failure failure;
    failure.host = host, failure.component = "zookeeper", failure.what = "has no image to run";
    failure.saw = "manifest unknown";
    report.failures.push_back(failure);
    report.steps.push_back({host, "zookeeper", "pull", Outcome::failed, "manifest unknown", {}});
  }
  Failure other = report.failures[0];
  other.saw = "connection refused";
  report.failures.push_back(other);
  report.steps.push_back({"m3", "zookeeper", "pull", Outcome::failed, "connection refused", {}});
  CHECK(report_text(report, Look{}) == R"(error: zookeeper on m1, m2, m3 has no image to run
  saw     manifest unknown
error: zookeeper on m3 has no image to run
  saw     connection refused
4 failed   0.0s
  failed  m1, m2, m3  zookeeper  pull  manifest unknown
  failed  m3          zookeeper  pull  connection refused
)");
  report.steps.clear();
  for (const char* host : {"a", "b", "c", "d", "e", "f"})
    report.steps.push_back({host, "zookeeper", "pull", Outcome::failed, "manifest unknown", {}});
  CHECK(recap(report, Look{}) ==
        "6 failed   0.0s\n  failed  a, b, c, d and 2 more  zookeeper  pull  manifest unknown\n");
}

TEST_CASE("the head line names what is not well") {
  Plan plan;
  plan.cluster = "prod";
  Observed observed;
  std::vector<InstanceHealth> healths;
  for (const char* name : {"m1", "s1", "s2", "s3"}) {
    Host host;
    host.name = name;
    plan.first().desired.hosts.push_back(host);
    Instance i;
    i.host = name, i.component = "web", test::as<Container>(i).spec.name = "web",
    test::as<Container>(i).spec.image = "web:1";
    plan.first().desired.instances.push_back(i);
    observed.hosts[name].reachable = true;
    observed.hosts[name].containers = {{"id", "web", "web:1", "", "running", "Up 2 hours", {}}};
    InstanceHealth h;
    h.host = name, h.component = "web", h.ready = true;
    healths.push_back(h);
  }
  const auto cause = [&] { return make_status(plan, observed, healths, {}, "degraded").cause; };
  const auto head = [&] {
    const auto text = status_text(make_status(plan, observed, healths, {}, "degraded"), Look{});
    return text.substr(0, text.find('\n'));
  };
  CHECK(make_status(plan, observed, healths, {}, "healthy").cause.empty());
  observed.hosts["s2"].containers.clear();
  CHECK(head() == "prod: degraded: web on s2 missing");
  healths[1].ready = false;
  healths[1].seen = "http: refused";
  CHECK(cause() == "web on s2 missing; web on s1 not ready");
  healths[3].ready = healths[3].known = false;
  CHECK(cause() == "web on s2 missing; web on s1 not ready; web on s3 could not be asked");
  observed.hosts["s3"].engine_error = "docker: no answer in 10 s";
  CHECK(cause() == "the Docker engine could not be asked on s3");
  observed.hosts["s3"].engine_off = true;
  CHECK(cause() == "no Docker engine runs on s3");
  observed.hosts["m1"].engine_error = "docker: no answer in 10 s";
  CHECK(cause() == "no Docker engine runs on s3; the Docker engine could not be asked on m1");
  observed.hosts["m1"].engine_error.clear();
  observed.hosts["s2"].reachable = false;
  CHECK(cause() == "s2 cannot be reached; no Docker engine runs on s3");
  observed.hosts["s2"].absence = Absence::unusable;
  CHECK(head() == "prod: degraded: s2 cannot be used; no Docker engine runs on s3");
  observed.hosts["s2"].absence = Absence::no_access;
  CHECK(head() == "prod: degraded: no access to s2; no Docker engine runs on s3");
  observed.hosts["s3"].reachable = false;
  CHECK(head() == "prod: degraded: s3 cannot be reached; no access to s2");
}

TEST_CASE("an instance that could not be asked is unknown, not unhealthy") {
  Status status = example_status();
  status.instances[0].health = "unknown";
  status.instances[0].leader = false;
  status.instances[0].seen = "srvr: sshd of m1 forbids forwarding";
  const auto text = status_text(status, Look{});
  CHECK(text.find("m1    mesos-master  0.28.1   unknown      3d     srvr: sshd of m1 forbids forwarding\n") !=
        std::string::npos);
}

TEST_CASE("settings of an engine that does not run, or has not taken them in, are not healthy") {
  Plan plan;
  plan.cluster = plan.first().desired.cluster = "prod";
  Host host;
  host.name = "m1";
  plan.first().desired.hosts.push_back(host);
  Instance i;
  i.host = "m1", i.component = "docker-daemon";
  test::as<ServiceSpec>(i).restart = {"restart"};
  test::as<ServiceSpec>(i).shown = {{"labels", "/Labels"}};
  plan.first().desired.instances.push_back(i);
  Observed observed;
  ObservedHost& now = observed.hosts["m1"];
  now.reachable = now.docker_installed = true;
  InstanceHealth healthy;
  healthy.host = "m1", healthy.component = i.component, healthy.ready = true;
  const auto status = [&] { return make_status(plan, observed, {healthy}, {}, "healthy"); };
  const auto row = [&] {
    const auto text = status_text(status(), Look{});
    const auto at = text.find("m1    docker");
    return text.substr(at, text.find('\n', at) - at);
  };
  CHECK(status().health == "healthy");
  CHECK(row() == "m1    docker-daemon  -        healthy");

  Step step;
  step.host = "m1", step.component = i.component, step.action = Action::reload;
  step.reason = "daemon.json: its engine has another labels";
  FileChange unread;
  unread.write = false, unread.exists = true;
  step.files.push_back(unread);
  Wave wave;
  wave.steps.push_back(step);
  plan.first().waves.push_back(wave);
  now.manifest.files[""] = {};
  CHECK(status().health == "degraded");
  CHECK(status().cause == "docker-daemon on m1 not ready");
  CHECK(row() == "m1    docker-daemon  -        unhealthy         daemon.json: its engine has another labels");

  plan.first().waves.clear();
  now.engine_error = "docker: /var/run/docker.sock: connection refused";
  CHECK(row() == "m1    docker-daemon  -        unknown");
  now.engine_off = true;
  now.engine_log = "invalid label";
  CHECK(row() ==
        "m1    docker-daemon  -        stopped         invalid label; start it on the host, or prepare: {docker: "
        "apply} "
        "and clusterctl up");
  plan.first().waves.push_back(wave);
  plan.first().waves[0].steps[0].engine = true;
  plan.first().waves[0].steps[0].reason = "its engine does not run; daemon.json: labels";
  CHECK(row() ==
        "m1    docker-daemon  -        stopped         its engine does not run; daemon.json: labels, invalid label; "
        "clusterctl up writes its settings anew and starts it");
  CHECK(status().instances[0].health == "unhealthy");
}
