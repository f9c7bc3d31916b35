#include "plan/entries.hpp"

#include "catch.hpp"
#include "kind.hpp"
#include "plan/diff.hpp"
#include "plan/diff_instance.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;
using Paths = std::vector<std::string>;

namespace {

// An agent with one file in a directory of configuration, the data of another beside it, and a variable that its image
// writes into a file.
struct World {
  World() {
    desired.cluster = "c";
    Host host;
    host.name = "a";
    desired.hosts.push_back(host);
    ComponentPlan plan;
    plan.component = "agent";
    desired.components.push_back(plan);
    Instance i;
    i.host = "a";
    i.component = "agent";
    DirectorySpec etc;
    etc.path = "/etc/agent.d";
    etc.config = true;
    i.directories = {etc, {"/var/lib/agent", "0755", "0:0", true}};
    FileSpec file;
    file.path = "/etc/agent.d/agent.json";
    i.files.push_back(file);
    test::as<Container>(i).env_files = {{"LOCAL", "/etc/agent.d/local.json"}};
    test::as<Container>(i).spec.name = "cctl-c-agent";
    test::as<Container>(i).spec.image = "agent:1";
    test::as<Container>(i).spec.env["LOCAL"] = "{}";
    test::as<Container>(i).spec.mounts = {"/etc/agent.d:/config", "/var/lib/agent:/data"};
    set(i);
    now.reachable = true;
    now.entries["/etc/agent.d"] = {{"agent.json", 'f', false}};
    was(desired.instances[0]);
  }

  void set(Instance i) {
    i.spec_json = canonical_json(test::as<Container>(i).spec);
    i.spec_digest = sha256_hex(i.spec_json);
    desired.instances = {std::move(i)};
  }

  // The container that is there.
  void was(const Instance& i) {
    now.manifest.specs["agent"] = i.spec_json;
    ObservedContainer c;
    c.name = i.container()->spec.name;
    c.state = "running";
    c.labels = {{label::cluster, "c"}, {label::component, "agent"}, {label::spec, i.spec_digest}};
    now.containers = {c};
  }

  void lies(const std::string& name, const std::string& content, char kind = 'f') {
    now.entries["/etc/agent.d"].push_back({name, kind, content.empty()});
    ObservedFile& file = now.files["/etc/agent.d/" + name];
    file.exists = true;
    file.content = content;
  }

  Paths foreign() { return foreign_entries(desired, desired.instances[0], now); }

  Desired desired;
  ObservedHost now;
};

}  // namespace

TEST_CASE("what lies in a directory of configuration and is nobody's", "[entries]") {
  World w;
  CHECK(w.foreign().empty());
  w.lies("local.json", "{}\n");  // of its variable
  CHECK(w.foreign().empty());
  w.lies("mine.json", "x");
  w.lies("link.json", "", 'l');
  w.lies("old", "", 'd');
  CHECK(w.foreign() == Paths{"/etc/agent.d/mine.json", "/etc/agent.d/link.json", "/etc/agent.d/old"});
  // Written by us for another component, now or once; a directory above something that is wanted.
  w.now.manifest.files["/etc/agent.d/mine.json"] = {};
  FileSpec below;
  below.path = "/etc/agent.d/old/x";
  w.desired.instances[0].files.push_back(below);
  CHECK(w.foreign() == Paths{"/etc/agent.d/link.json"});
  // Others write where a program does.
  w.desired.instances[0].directories[0].config = false;
  CHECK(w.foreign().empty());
}

TEST_CASE("what an image wrote goes when its directory is mounted read-only from now on") {
  World w;
  w.lies("local.json", "{}\n");
  Instance closed = w.desired.instances[0];
  test::as<Container>(closed).spec.mounts[0] = "/etc/agent.d:/etc/agent.d:ro";
  w.set(closed);
  CHECK(outlived_env_files(w.desired.instances[0], w.now) == Paths{"/etc/agent.d/local.json"});
  CHECK(w.foreign().empty());
  w.now.files["/etc/agent.d/local.json"].content = "changed by hand";
  CHECK(w.foreign() == Paths{"/etc/agent.d/local.json"});
}

TEST_CASE("what an image wrote for a variable goes with the variable, where its content proves it", "[entries]") {
  struct Row {
    const char* what;
    const char* content;
    bool goes;
  };
  const Row rows[] = {{"as the image wrote it", "{}\n", true},
                      {"changed by hand since", "{\"mine\": 1}\n", false},
                      {"without its last newline", "{}", false}};
  for (const Row& row : rows) {
    INFO(row.what);
    World w;
    w.lies("local.json", row.content);
    CHECK(outlived_env_files(w.desired.instances[0], w.now).empty());  // the variable is still wanted
    Instance without = w.desired.instances[0];
    test::as<Container>(without).spec.env.clear();
    w.set(without);
    const Paths goes = outlived_env_files(w.desired.instances[0], w.now);
    CHECK(goes == (row.goes ? Paths{"/etc/agent.d/local.json"} : Paths{}));
    CHECK(w.foreign().empty() == row.goes);
    const Step step = diff_instance("c", w.desired.instances[0], w.now, {});
    CHECK(step.action == Action::recreate);
    CHECK(std::count_if(step.files.begin(), step.files.end(), [](const FileChange& f) { return f.gone; }) == row.goes);
  }
  World w;  // ours: what is no longer wanted of that is found by the manifest
  w.lies("local.json", "{}\n");
  w.now.manifest.files["/etc/agent.d/local.json"] = {};
  test::as<Container>(w.desired.instances[0]).spec.env.clear();
  CHECK(outlived_env_files(w.desired.instances[0], w.now).empty());
}

TEST_CASE("the plan names what is foreign, and leaves it alone", "[entries]") {
  World w;
  w.lies("mine.json", "x");
  Observed observed;
  observed.hosts["a"] = w.now;
  const Plan plan = diff(w.desired, observed, {});
  REQUIRE(plan.foreign.size() == 1);
  CHECK(
      plan.foreign[0] ==
      "/etc/agent.d/mine.json of a, where agent has its configuration, is not of this inventory; left alone; it may be "
      "read: look, and move it away");
  for (const Wave& wave : plan.first().waves)
    for (const Step& step : wave.steps)
      for (const FileChange& file : step.files) CHECK(file.wanted.path != "/etc/agent.d/mine.json");
}

TEST_CASE("links that others laid: in a file's place it is replaced, on the way nothing is done") {
  World w;
  const std::string file = "/etc/agent.d/agent.json", who = "nobody (uid 65534)";
  w.now.files[file].exists = w.now.files[file].unread = true;
  w.now.files[file].link = who;
  const auto step = diff_instance("c", w.desired.instances[0], w.now, {file});
  REQUIRE(step.files.size() == 1);
  CHECK(step.files[0].write);
  CHECK(step.files[0].link == who);
  CHECK(step.reason == "agent.json is a symbolic link of others");

  struct Case {
    const char* path;
    bool in_its_place;
    const char* says;
  };
  for (const Case& c : {Case{"/etc/agent.d/agent.json", false, "/etc/agent.d is a link"},
                        Case{"/etc/agent.d/local.json", false, "/etc/agent.d is a link"},
                        Case{"/etc/agent.d", false, "/etc/agent.d is a link"},
                        Case{"/var/lib/agent", true, "/var/lib/agent is a link, in a directory that is not root's"}}) {
    World other;
    auto& seen = other.now.files[c.path];
    (c.in_its_place ? seen.link : seen.barred) = c.in_its_place ? who : "/etc/agent.d is a link, laid by " + who;
    const Observed observed{{{"a", other.now}}};
    const Plan plan = diff(other.desired, observed, {});
    INFO(c.path);
    REQUIRE(plan.refusals.size() == 1);
    CHECK(plan.refusals[0].exit_code == 3);
    CHECK(plan.refusals[0].text.starts_with(c.says));
    CHECK(plan.refusals[0].text.ends_with("look, and move it away"));
    CHECK(plan.faults == std::vector<std::string>{plan.refusals[0].text});
  }
}
