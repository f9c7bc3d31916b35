#include "plan/diff.hpp"

#include <algorithm>

#include "catch.hpp"
#include "diff_support.hpp"
#include "kind.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"
#include "plan/diff_instance.hpp"
#include "plan/members.hpp"
#include "plan/our_containers.hpp"

using namespace cctl;
using namespace cctl::diff_test;

TEST_CASE("what was applied needs nothing", "[diff]") {
  const auto d = desired();
  const auto p = diff(d, as_wanted(d), {});
  CHECK(p.nothing_to_do());
  CHECK(p.first().unchanged.size() == 6);
  CHECK(p.summary.as_wanted == 6);
}

TEST_CASE("images that are fetched again are fetched although nothing else is to do", "[diff]") {
  const auto d = desired();
  auto o = as_wanted(d);
  DiffOptions pull;
  pull.pull = true;
  auto p = diff(d, o, pull);
  REQUIRE(p.first().waves.size() == 1);
  CHECK(p.first().waves[0].steps.size() == 6);
  for (const auto& s : p.first().waves[0].steps) CHECK((s.action == Action::pull && s.reason == "asked for"));
  CHECK(p.summary.as_wanted == 6);
  // One that came is another than the one that runs; of the rest it is the same, or not known.
  auto& a = o.hosts["a"];
  for (auto& c : a.containers) c.image_id = "sha256:old";
  a.image_ids = {{"zk:2.0", "sha256:new"}, {"app:2.0", "sha256:old"}};
  CHECK(diff(d, o, {}).nothing_to_do());
  p = diff(d, o, pull);
  REQUIRE(p.first().waves.size() == 2);
  REQUIRE(p.first().waves[1].steps.size() == 1);
  const Step& s = p.first().waves[1].steps[0];
  CHECK((s.host == "a" && s.component == "zk" && s.action == Action::recreate && s.interrupts));
  CHECK(s.reason == "zk:2.0 is another image now than the one it runs");
  CHECK(s.previous_id == "azk");
}

TEST_CASE("offline everything is to be made: images first, then components in order", "[diff]") {
  DiffOptions o;
  o.offline = true;
  const auto p = diff(desired(), {}, o);
  REQUIRE(p.first().waves.size() == 3);
  CHECK(p.first().waves[0].steps.size() == 6);
  CHECK(p.first().waves[0].steps[0].action == Action::pull);
  CHECK(p.first().waves[1].component == "zk");
  CHECK(p.first().waves[1].order == RollOrder::parallel);
  CHECK(p.first().waves[2].component == "app");
  CHECK(p.summary.create == 6);
}

TEST_CASE("a new version rolls behind its guard, dependents that stay are in the gate", "[diff]") {
  const auto before = desired("1.0");
  auto after = desired("1.0");
  const auto newer = desired("2.0");
  for (std::size_t i = 0; i < 3; ++i) after.instances[i] = newer.instances[i];
  const auto p = diff(after, as_wanted(before), {});
  REQUIRE(p.first().waves.size() == 2);
  CHECK(p.first().waves[1].order == RollOrder::leader_last);
  CHECK(p.first().waves[1].quorum);
  CHECK(p.first().waves[1].gate == std::vector<std::string>{"zk", "app"});
  REQUIRE(step(p, "a", "zk"));
  CHECK(step(p, "a", "zk")->action == Action::recreate);
  CHECK(step(p, "a", "zk")->reason == "version 1.0 -> 2.0");
  CHECK(step(p, "a", "zk")->interrupts);
}

TEST_CASE("a lower version is refused unless allowed", "[diff]") {
  const auto o = as_wanted(desired("2.0"));
  const auto p = diff(desired("1.9"), o, {});
  REQUIRE(p.refusals.size() == 6);
  CHECK(p.refusals[0].text == "zk on a runs 2.0, the inventory wants 1.9; to go back say --allow-downgrade");
  DiffOptions allow;
  allow.allow_downgrade = true;
  CHECK(diff(desired("1.9"), o, allow).refusals.empty());
}

TEST_CASE("one difference at a time", "[diff]") {
  const auto d = desired();
  auto o = as_wanted(d);
  auto& a = o.hosts["a"];
  SECTION("removed by hand") {
    a.containers.erase(a.containers.begin());
    const auto p = diff(d, o, {});
    CHECK(step(p, "a", "zk")->action == Action::create);
    CHECK(step(p, "a", "zk")->reason == "not there");
    CHECK(p.summary.as_wanted == 5);
  }
  SECTION("stopped") {
    a.containers[0].state = "exited";
    CHECK(step(diff(d, o, {}), "a", "zk")->action == Action::start);
    CHECK(step(diff(d, o, {}), "a", "zk")->reason == "not running (exited)");
  }
  SECTION("a file changed on the disk") {
    a.files["/etc/zk"].digest = "other";
    const auto p = diff(d, o, {});
    CHECK(step(p, "a", "zk")->action == Action::restart);
    CHECK(step(p, "a", "zk")->reason == "zk changed");
    CHECK_FALSE(step(p, "a", "app"));
  }
  SECTION("a file was written but its container has not read it") {
    a.manifest.applied["zk"]["/etc/zk"] = "older";
    const auto p = diff(d, o, {});
    CHECK(step(p, "a", "zk")->action == Action::restart);
    CHECK_FALSE(step(p, "a", "zk")->files[0].write);
  }
  SECTION("a lost manifest costs nothing but what it remembered") {
    a.manifest = {};
    CHECK(diff(d, o, {}).nothing_to_do());
    CHECK(diff(d, o, {}).warnings.empty());
  }
  SECTION("a damaged one is told") {
    a.manifest = manifest_from_json("{\"files\": {");
    const std::vector<std::string> told = {
        "a: " + manifest_path(d.cluster) +
        " cannot be read: what was written there before is not known, and down leaves it"};
    CHECK(diff(d, o, {}).warnings == told);
    CHECK(diff_down(d, o, {}, false).warnings == told);
  }
  SECTION("so is a damaged list of what was prepared, and an empty one is none") {
    for (const char* text : {"{\"done\": [", "[]", "{\"done\": [{\"item\": \"a\", \"undo\": 1}]}"}) {
      CAPTURE(text);
      a.prepared_damaged = prepared_from_json(text).damaged;
      const std::vector<std::string> told = {
          "a: " + prepared_path(d.cluster) +
          " cannot be read: how the host was prepared is not known, and down leaves it so"};
      CHECK(diff(d, o, {}).warnings == told);
      CHECK(diff_down(d, o, {}, false).warnings == told);
    }
    for (const char* text : {"", "{}", "{\"done\": []}"}) CHECK_FALSE(prepared_from_json(text).damaged);
  }
  SECTION("an old container kept by an interrupted run is released") {
    auto old = a.containers[0];
    old.name = previous_name(old.name);
    old.state = "exited";
    a.containers.push_back(old);
    CHECK(step(diff(d, o, {}), "a", "zk")->action == Action::release);
  }
  SECTION("what takes no start is restarted") {
    for (const auto& [state, action] :
         {std::pair{"exited", Action::start}, {"paused", Action::restart}, {"restarting", Action::restart}}) {
      a.containers[0].state = state;
      CHECK(step(diff(d, o, {}), "a", "zk")->action == action);
    }
  }
  SECTION("an id on the disk is never overwritten") {
    auto once = d;
    once.instances[0].files[0].once = true;
    a.files["/etc/zk"].digest = "other";
    CHECK(diff(once, o, {}).nothing_to_do());
  }
  SECTION("a host that cannot be reached gets a warning and no step") {
    a.reachable = false;
    a.error = "no answer in 3 s";
    const auto p = diff(d, o, {});
    CHECK(p.nothing_to_do());
    CHECK(p.summary.unseen == 1);
    CHECK(p.warnings == std::vector<std::string>{"a is unreachable: no answer in 3 s"});
    a.error = "sudo does not take the password";
    a.absence = Absence::no_access;
    CHECK(diff(d, o, {}).warnings == std::vector<std::string>{"no access to a: sudo does not take the password"});
    a.error = "the login shell of root on a ended before our command";
    a.absence = Absence::unusable;
    CHECK(diff(d, o, {}).warnings ==
          std::vector<std::string>{"a cannot be used: the login shell of root on a ended before our command"});
  }
  SECTION("strays with our label are told, never touched") {
    ObservedContainer stray;
    stray.name = "cctl-c-gone";
    stray.labels = {{label::cluster, "c"}, {label::component, "gone"}};
    a.containers.push_back(stray);
    const auto p = diff(d, o, {});
    CHECK(p.nothing_to_do());
    REQUIRE(p.strays.size() == 1);
    CHECK(p.strays[0].component == "gone");
  }
  SECTION("labels that anybody can write make no container ours") {
    for (const auto* name : {"mesos-0f1e2d3c.web", "cctl-c-zk-2", "cctl-other-zk"}) {
      auto forged = o.hosts["a"].containers[0];
      forged.id = "forged", forged.name = name;
      forged.labels[label::spec] = "another";
      auto there = o;
      auto& all = there.hosts["a"].containers;
      all.insert(all.begin(), forged);
      const auto p = diff(d, there, {});
      CHECK(p.nothing_to_do());
      CHECK(p.refusals.empty());
      CHECK(p.strays.empty());
      REQUIRE(p.foreign.size() == 1);
      CHECK(p.foreign[0] == "the container " + std::string(name) +
                                " of a has the labels of c and not the name of one of "
                                "its containers; left alone, and never taken for one");
      // Also where ours is gone: it is made, whatever claims to be it.
      all = {forged};
      CHECK(diff(d, there, {}).refusals.empty());
      // Nor does it go with the cluster.
      const Plan down = diff_down(d, there, {}, false);
      for (const auto& wave : down.first().waves)
        for (const auto& s : wave.steps) CHECK(s.previous_id != "forged");
    }
  }
  SECTION("others' containers are nobody's business") {
    ObservedContainer foreign;
    foreign.name = "web";
    a.containers.push_back(foreign);
    CHECK(diff(d, o, {}).strays.empty());
  }
}

TEST_CASE("an ensemble that runs keeps its members", "[diff]") {
  auto d = desired();
  tell_members(d);
  auto o = as_wanted(d);
  for (const auto& i : d.instances)
    if (!i.members.empty()) o.hosts[i.host].manifest.members[i.component] = i.members;
  CHECK(o.hosts["a"].manifest.members.size() == 1);
  CHECK(diff(d, o, {}).refusals.empty());
  auto other = d;
  std::erase_if(other.instances, [](const Instance& i) { return i.host == "c" && i.component == "zk"; });
  SECTION("one that leaves is refused") {
    const auto p = diff(other, o, {});
    REQUIRE(p.refusals.size() == 1);
    CHECK(p.refusals[0].exit_code == 8);
    CHECK(p.refusals[0].text.find("zk would become another ensemble while it runs: c leaves;") == 0);
  }
  SECTION("its container tells it where no manifest does") {
    for (auto& [name, host] : o.hosts) host.manifest = {};
    CHECK(diff(other, o, {}).refusals.size() == 1);
  }
  SECTION("one that joins is refused") {
    for (auto& [name, host] : o.hosts) host.manifest.members["zk"].erase("c");
    o.hosts["c"] = {};
    o.hosts["c"].reachable = true;
    CHECK(diff(d, o, {}).refusals.size() == 1);
  }
  SECTION("a lost one comes back") {
    o.hosts["c"] = {};
    o.hosts["c"].reachable = true;
    CHECK(diff(d, o, {}).refusals.empty());
    CHECK(step(diff(d, o, {}), "c", "zk")->action == Action::create);
  }
  SECTION("what was taken down may come up as another") {
    for (auto& [name, host] : o.hosts)
      std::erase_if(host.containers, [](const auto& c) { return c.get(label::component) == "zk"; });
    CHECK(diff(other, o, {}).refusals.empty());
  }
  SECTION("other components do not ask") {
    DiffOptions app_only;
    app_only.components = {"app"};
    CHECK(diff(other, o, app_only).refusals.empty());
  }
}

TEST_CASE("another cluster of ours on the same hosts is no place for this one", "[diff]") {
  const auto d = desired();
  auto o = as_wanted(d);
  for (auto& [name, host] : o.hosts)
    for (auto& c : host.containers) {
      c.labels[label::cluster] = "old";
      c.name = container_name("old", c.get(label::component));
    }
  const auto p = diff(d, o, {});
  REQUIRE(p.refusals.size() == 1);
  CHECK(p.refusals[0].text.find("cluster \"old\" runs ") == 0);
  CHECK(p.refusals[0].text.find("and 5 more, where \"c\" would put its own") != std::string::npos);
  SECTION("what it does not want itself is none of its business") {
    for (auto& [name, host] : o.hosts)
      for (auto& c : host.containers) {
        c.labels[label::component] = "other";
        c.name = container_name("old", "other");
      }
    CHECK(diff(d, o, {}).refusals.empty());
  }
}

TEST_CASE("a container that takes over from an older version gets what the transition says, once", "[diff]") {
  const auto before = desired("1.0");
  auto after = desired("2.0");
  for (auto& i : after.instances)
    test::as<Container>(i).transitions = {{"<1.5", {{"TRUST", "yes"}}, "old data, trusted once"}};
  auto o = as_wanted(before);
  const auto p = diff(after, o, {});
  CHECK(step(p, "a", "zk")->extra_env == std::map<std::string, std::string>{{"TRUST", "yes"}});
  CHECK(step(p, "a", "zk")->reason == "version 1.0 -> 2.0; old data, trusted once");
  CHECK(diff(after, as_wanted(after), {}).nothing_to_do());
  SECTION("also when a killed run left only the old container") {
    auto& c = o.hosts["a"].containers[0];
    c.name = previous_name(c.name);
    c.state = "exited";
    CHECK(step(diff(after, o, {}), "a", "zk")->action == Action::create);
    CHECK(step(diff(after, o, {}), "a", "zk")->extra_env.size() == 1);
  }
  SECTION("not from a version that needs nothing") {
    for (auto& i : after.instances) test::as<Container>(i).transitions[0].from = "<0.5";
    CHECK(step(diff(after, o, {}), "a", "zk")->extra_env.empty());
  }
}

TEST_CASE("a plan counts the hosts that it is about", "[diff]") {
  Desired d = desired();
  d.instances.erase(std::remove_if(d.instances.begin(), d.instances.end(),
                                   [](const Instance& i) { return i.component == "app" && i.host != "a"; }),
                    d.instances.end());
  Observed o = as_wanted(d);
  o.hosts["c"].reachable = false;
  struct Row {
    std::set<std::string> components, limit;
    int hosts, unseen;
  };
  for (const Row& row : std::vector<Row>{{{}, {}, 3, 1},
                                         {{"app"}, {}, 1, 0},
                                         {{"zk"}, {}, 3, 1},
                                         {{"app"}, {"a", "b"}, 1, 0},
                                         {{}, {"a", "b"}, 2, 0}}) {
    DiffOptions how;
    how.components = row.components;
    how.limit = row.limit;
    CHECK(diff(d, o, how).summary.hosts == row.hosts);
    CHECK(diff(d, o, how).summary.unseen == row.unseen);
    CHECK(diff_down(d, o, how, false).summary.hosts == row.hosts);
  }
}

TEST_CASE("a directory where a file is wanted is told before anything is changed") {
  const auto d = desired();
  auto o = as_wanted(d);
  auto& file = o.hosts["b"].files["/etc/zk"];
  file = {};
  file.exists = file.is_directory = true;
  const auto p = diff(d, o, {});
  REQUIRE(p.refusals.size() == 1);
  CHECK(p.refusals[0].exit_code == 3);
  CHECK(p.refusals[0].text == "/etc/zk of b is a directory with something in it, where zk needs a file; move it away");
}

TEST_CASE("a container that was renamed by hand is told before another takes its data") {
  const auto d = desired();
  auto o = as_wanted(d);
  o.hosts["b"].containers[0].name = "mine";
  const auto p = diff(d, o, {});
  REQUIRE(p.refusals.size() == 1);
  CHECK(p.refusals[0].exit_code == 3);
  CHECK(p.refusals[0].text ==
        "the container mine of b is that of zk by its labels, but not by its name; docker rename "
        "mine cctl-c-zk");
}

TEST_CASE("nothing is merged into a file that could not be read") {
  auto d = desired();
  d.instances[0].files[0].merge = Merge::json;
  auto o = as_wanted(d);
  auto& file = o.hosts[d.instances[0].host].files[d.instances[0].files[0].path];
  file = {};
  file.exists = file.unread = true;
  const Plan plan = diff(d, o, {});
  REQUIRE(plan.refusals.size() == 1);
  CHECK(plan.refusals[0].text.find("cannot be read, or is larger than 1 MiB") != std::string::npos);
}

TEST_CASE("who may read a file changes without an interruption, unless its bytes have not been read") {
  struct Case {
    const char* name;
    OnChange on_change;
    const char *mode, *owner;
    bool read;
    Action action;
    bool interrupts;
  };
  const Case cases[] = {
      {"mode", OnChange::restart, "0644", "0:0", true, Action::write, false},
      {"owner", OnChange::restart, "0600", "99:99", true, Action::write, false},
      {"mode, made anew", OnChange::recreate, "0644", "0:0", true, Action::write, false},
      {"mode, reloaded", OnChange::reload, "0644", "0:0", true, Action::reload, false},
      {"mode, not yet read", OnChange::restart, "0644", "0:0", false, Action::restart, true},
      {"nothing", OnChange::restart, "0600", "0:0", true, Action::none, false},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Desired d = desired("1");
    for (auto& i : d.instances) i.files[0].mode = "0600", i.files[0].on_change = c.on_change;
    Observed o = as_wanted(d);
    const Instance& app = *d.find(d.hosts[0].name, "app");
    ObservedHost& host = o.hosts.at(app.host);
    host.files.at("/etc/app").mode = c.mode;
    host.files.at("/etc/app").owner = c.owner;
    if (!c.read) host.manifest.applied.at("app").at("/etc/app") = "another";
    const Step s = diff_instance("c", app, host, {"/etc/app", "/etc/zk"});
    CHECK(s.action == c.action);
    CHECK(s.interrupts == c.interrupts);
    if (c.action != Action::none) {
      REQUIRE(s.files.size() == 1);
      CHECK(s.files[0].write);
    }
  }
}

TEST_CASE("a name that somebody else's container has is told before anything is changed") {
  const auto d = desired();
  auto o = as_wanted(d);
  o.hosts["b"].containers[0].labels.clear();
  const auto p = diff(d, o, {});
  REQUIRE(p.refusals.size() == 1);
  CHECK(p.refusals[0].exit_code == 3);
  CHECK(p.refusals[0].text ==
        "a container that is not ours is called cctl-c-zk on b, as zk is to be; docker rename cctl-c-zk OTHER");
  // Nobody is in the way of what is not chosen, nor of what goes.
  DiffOptions other;
  other.limit = {"a"};
  CHECK(diff(d, o, other).refusals.empty());
  CHECK(diff_down(d, o, {}, false).refusals.empty());
}
