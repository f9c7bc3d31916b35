// Settings with which a host's service wakes up in another world.
#include "catch.hpp"
#include "kind.hpp"
#include "plan/diff.hpp"
#include "plan/merge.hpp"

using namespace cctl;

namespace {

Desired desired(const std::string& settings) {
  Desired out;
  out.cluster = "c";
  Host host;
  host.name = "a";
  out.hosts.push_back(host);
  ComponentPlan engine, zk;
  engine.component = "engine";
  engine.service = true;
  zk.component = "zk";
  out.components = {engine, zk};
  Instance i;
  i.host = "a";
  i.component = "engine";
  FileSpec file;
  file.path = "/etc/engine.json";
  file.content = settings;
  file.merge = Merge::json;
  file.empties_keys = {{"data-root", "/var/lib/docker"}, {"userns-remap", ""}, {"features.snapshotter", ""}};
  file.key_notes = {{"log-driver", "for containers made from then on"}, {"* unless live", "containers restart"}};
  file.reload_keys = {"debug"};
  i.files.push_back(file);
  test::as<ServiceSpec>(i).reload = {"reload"};
  test::as<ServiceSpec>(i).restart = {"restart"};
  out.instances.push_back(i);
  Instance z;
  z.host = "a";
  z.component = "zk";
  test::as<Container>(z).spec.name = "cctl-c-zk";
  test::as<Container>(z).spec.image = "zk:1";
  z.spec_digest = "x";
  out.instances.push_back(z);
  return out;
}

Observed observed(const std::string& now, bool runs, bool others) {
  Observed out;
  ObservedHost& host = out.hosts["a"];
  host.name = "a";
  host.reachable = true;
  host.images = {"zk:1"};
  if (!now.empty()) {
    ObservedFile& file = host.files["/etc/engine.json"];
    file.exists = true;
    file.content = now;
    file.mode = "0644";
    file.owner = "0:0";
  }
  ObservedContainer c;
  c.name = "cctl-c-zk";
  c.state = "running";
  c.labels = {{label::cluster, "c"}, {label::component, "zk"}, {label::spec, "x"}};
  if (runs) host.containers.push_back(c);
  c.name = "mine";
  c.labels.clear();
  if (others) host.containers.push_back(c);
  return out;
}

}  // namespace

TEST_CASE("what would leave containers behind in another world is refused", "[diff]") {
  struct Row {
    const char *now, *wanted;
    bool empties;
  };
  const Row rows[] = {
      {"", R"({"data-root": "/data"})", true},
      {"", R"({"data-root": "/var/lib/docker"})", false},  // as it is where nothing is said
      {R"({"data-root": "/data"})", R"({"data-root": "/data"})", false},
      {R"({"data-root": "/data"})", R"({"data-root": "/other"})", true},
      {"", R"({"userns-remap": "default"})", true},
      {"", R"({"features": {"snapshotter": true}})", true},
      {"", R"({"features": {"buildkit": true}})", false},
      {"", R"({"debug": true})", false},
      {"", R"({"log-driver": "journald"})", false},
      {"", R"({"log-driver": "journald", "data-root": "/data"})", true},
  };
  for (const Row& row : rows) {
    INFO(row.now << " " << row.wanted);
    const Plan plan = diff(desired(row.wanted), observed(row.now, true, false), {});
    CHECK(plan.refusals.size() == (row.empties ? 1 : 0));
    CHECK(diff(desired(row.wanted), observed(row.now, false, true), {}).refusals.size() == (row.empties ? 1 : 0));
    CHECK(diff(desired(row.wanted), observed(row.now, false, false), {}).refusals.empty());
  }
  const auto text = [](bool runs, bool others) {
    return diff(desired(R"({"data-root": "/data", "userns-remap": "u"})"), observed("", runs, others), {})
        .refusals.at(0);
  };
  CHECK(text(true, false).exit_code == 8);
  CHECK(text(true, false).text ==
        "data-root, userns-remap of a would give its engine another, empty world: without the container there, and "
        "without the images; take the host down first (clusterctl down -l a keeps its data), and up makes it anew");
  CHECK(
      text(true, true).text ==
      "data-root, userns-remap of a would give its engine another, empty world: without any of the 2 containers there, "
      "and without the images; take the host down first (clusterctl down -l a keeps its data), and up makes it anew; 1 "
      "of them are not of this cluster: remove these by hand");
}

TEST_CASE("a new host's engine gets its world before the images that it needs there", "[diff]") {
  const Plan plan = diff(desired(R"({"data-root": "/data"})"), observed("", false, false), {});
  REQUIRE(plan.first().waves.size() == 3);
  CHECK(plan.first().waves[0].component == "engine");
  CHECK(plan.first().waves[0].gate == std::vector<std::string>{"engine"});
  CHECK(plan.first().waves[1].steps.at(0).action == Action::pull);  // although the old world has it
  CHECK(plan.first().waves[2].component == "zk");
  const Plan other = diff(desired(R"({"log-driver": "journald"})"), observed("", false, false), {});
  REQUIRE(other.first().waves.size() == 2);
  CHECK(other.first().waves[0].steps.at(0).reason ==
        "engine.json: log-driver (for containers made from then on); containers restart");
  const Plan spared = diff(desired(R"({"log-driver": "journald", "live": true})"), observed("", true, false), {});
  CHECK(spared.first().waves.at(0).steps.at(0).reason ==
        "engine.json: log-driver (for containers made from then on), live");
  const Plan reload = diff(desired(R"({"debug": true})"), observed("", true, false), {});
  CHECK(reload.first().waves.at(0).steps.at(0).reason == "engine.json: debug");
}

TEST_CASE("keys whose value differs, usual values and inner ones", "[merge]") {
  const std::map<std::string, std::string> keys = {{"root", "/r"}, {"a.b", ""}, {"n", "1"}};
  CHECK(changed_of(keys, "", "{}").empty());
  CHECK(changed_of(keys, R"({"root": "/r"})", "{}").empty());
  CHECK(changed_of(keys, R"({"root": "/x", "a": 1})", R"({"a": {"b": true}})") ==
        std::vector<std::string>{"a.b", "root"});
  CHECK(changed_of(keys, R"({"n": 1})", R"({"n": 2})") == std::vector<std::string>{"n"});
}

TEST_CASE("what runs on a host is waited for when a service restarts that was asked for alone", "[diff]") {
  struct Row {
    const char* chosen;
    bool runs;
    std::vector<std::string> gate;
  };
  for (const Row& row :
       {Row{"", true, {"engine", "zk"}}, Row{"engine", true, {"engine", "zk"}}, Row{"engine", false, {"engine"}}}) {
    INFO(row.chosen << row.runs);
    DiffOptions options;
    if (*row.chosen) options.components = {row.chosen};
    const Plan plan =
        diff(desired(R"({"bip": "10.9.0.1/16"})"), observed(R"({"bip": "10.8.0.1/16"})", row.runs, false), options);
    REQUIRE_FALSE(plan.first().waves.empty());
    CHECK(plan.first().waves.front().gate == row.gate);
    CHECK(plan.summary.instances == (*row.chosen ? 1 : 2));
  }
}
