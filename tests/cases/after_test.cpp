// What a leg leaves, over the inventories and playbooks that are shipped: whoever diffs the same against it finds
// nothing to do.
#include "plan/after.hpp"

#include <algorithm>
#include <filesystem>

#include "catch.hpp"
#include "load/load.hpp"
#include "plan/expand.hpp"
#include "source_dir.hpp"
#include "unit/diff_support.hpp"

using namespace cctl;
namespace fs = std::filesystem;

namespace {

struct Case {
  std::string name;
  fs::path inventory;
  std::string playbooks;
};

std::vector<Case> cases() {
  const fs::path root = cctl::test::source_dir;
  std::vector<Case> out;
  for (const char* directory : {"inventory", "tests/golden/cases"})
    for (const auto& e : fs::directory_iterator(root / directory))
      if (e.path().extension() == ".yml") out.push_back({e.path().filename(), e.path(), ""});
  for (const auto& e : fs::directory_iterator(root / "tests/golden/outside"))
    out.push_back({e.path().filename(), e.path() / "inventory.yml", e.path() / "playbooks"});
  return out;
}

LoadResult loaded(const Case& c, const std::map<std::string, std::string>& versions = {}) {
  return load(c.inventory.string(), cctl::test::source_dir, versions, c.playbooks);
}

std::optional<Desired> expanded(const Sources& sources) {
  std::vector<Mistake> mistakes;
  Desired out = expand(sources, {}, mistakes);
  const bool wrong = std::any_of(mistakes.begin(), mistakes.end(), [](const Mistake& m) { return !m.warning; });
  return wrong ? std::nullopt : std::optional(std::move(out));
}

// Hosts with an engine, on which nothing of ours has ever been.
Observed bare(const Desired& desired) {
  Observed out;
  for (const auto& host : desired.hosts) {
    ObservedHost& seen = out.hosts[host.name];
    seen.name = host.name;
    seen.reachable = seen.docker_installed = true;
  }
  return out;
}

DiffOptions whatever_it_costs() {
  DiffOptions out;
  out.allow_downgrade = out.allow_task_loss = true;
  return out;
}

std::string steps_told(const Plan& plan) {
  std::string out;
  for (const auto& wave : plan.first().waves)
    for (const auto& s : wave.steps)
      out += s.host + " " + s.component + ": " + to_text(s.action) + " " + s.image() + " " + s.reason + "\n";
  for (const auto& refusal : plan.refusals) out += "refused: " + refusal.text + "\n";
  for (const auto& foreign : plan.foreign) out += "foreign: " + foreign + "\n";
  return out;
}

// What the leg that leads there leaves; it is as wanted.
Observed led_to(const Desired& desired, const Observed& from) {
  const Plan plan = diff(desired, from, whatever_it_costs());
  Observed out = after(plan.first(), from);
  const Plan again = diff(desired, out, whatever_it_costs());
  INFO("at first:\n" << steps_told(plan));
  CHECK(steps_told(again).empty());
  CHECK(again.strays.empty());
  CHECK(again.summary.as_wanted == again.summary.instances);
  return out;
}

int steps_of(const Plan& plan) {
  int out = 0;
  for (const auto& wave : plan.first().waves) out += static_cast<int>(wave.steps.size());
  return out;
}

}  // namespace

TEST_CASE("what a first up leaves is as wanted", "[legs]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto desired = expanded(loaded(c).sources);
    REQUIRE(desired);
    const Observed then = led_to(*desired, bare(*desired));
    for (const auto& i : desired->instances)
      if (const auto* container = i.container()) {
        const auto& all = then.hosts.at(i.host).containers;
        CHECK(std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == container->spec.name; }));
      }
  }
}

TEST_CASE("what a change of a flag leaves is as wanted", "[legs]") {
  int changes = 0;
  for (const Case& c : cases()) {
    const Sources sources = loaded(c).sources;
    const auto desired = expanded(sources);
    REQUIRE(desired);
    const Observed before = after(diff(*desired, bare(*desired), {}).first(), bare(*desired));
    std::set<std::string> done;
    for (const auto& i : desired->instances)
      for (const auto& [flag, value] : i.flags) {
        if (!done.insert(i.component + " " + flag).second) continue;
        Sources other = sources;
        other.inventory.components[i.component].flags[flag] = value + "1";
        const auto changed = expanded(other);
        if (!changed) continue;
        INFO(c.name << ": " << i.component << " " << flag);
        const Plan plan = diff(*changed, before, {});
        changes += !plan.nothing_to_do();
        led_to(*changed, before);
      }
  }
  CHECK(changes > 100);
}

TEST_CASE("what an upgrade or a downgrade leaves is as wanted", "[legs]") {
  int changes = 0;
  for (const Case& c : cases()) {
    if (c.inventory.parent_path().filename() != "inventory") continue;
    const LoadResult now = loaded(c);
    const auto desired = expanded(now.sources);
    REQUIRE(desired);
    const Observed before = after(diff(*desired, bare(*desired), {}).first(), bare(*desired));
    std::set<std::string> keys;
    for (const auto& component : desired->components) keys.insert(component.version_key);
    for (const auto& key : keys) {
      const auto row = now.sources.catalogue.find(key);
      if (row == now.sources.catalogue.end()) continue;
      std::set<std::string> ends;
      if (!row->second.tags.empty()) ends = {row->second.tags.begin()->first, row->second.tags.rbegin()->first};
      for (const auto& version : ends) {
        const LoadResult then = loaded(c, {{key, version}});
        const auto changed = then.ok() ? expanded(then.sources) : std::nullopt;
        if (!changed) continue;
        INFO(c.name << ": " << key << " " << version);
        changes += !diff(*changed, before, {}).nothing_to_do();
        led_to(*changed, before);
      }
    }
  }
  CHECK(changes > 20);
}

TEST_CASE("what a down leaves is nothing to take down, and it may come up again", "[legs]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto desired = expanded(loaded(c).sources);
    REQUIRE(desired);
    const Observed up = after(diff(*desired, bare(*desired), {}).first(), bare(*desired));
    for (const bool purge : {false, true}) {
      INFO(purge);
      const Plan plan = diff_down(*desired, up, {}, purge);
      CHECK(steps_of(plan) > 0);
      const Observed down = after(plan.first(), up);
      CHECK(steps_told(diff_down(*desired, down, {}, purge)).empty());
      for (const auto& [name, host] : down.hosts) CHECK(host.containers.empty());
      const Plan again = diff(*desired, down, whatever_it_costs());
      CHECK(again.refusals.empty());
      led_to(*desired, down);
    }
  }
}

TEST_CASE("what stopped runs afterwards, and what an interrupted change kept is gone", "[legs]") {
  const Desired d = diff_test::desired();
  Observed o = diff_test::as_wanted(d);
  auto& containers = o.hosts["a"].containers;
  containers[0].state = "exited";
  ObservedContainer kept = containers[1];
  kept.id = "old", kept.name += ".previous", kept.state = "exited";
  containers.push_back(kept);
  o.hosts["b"].manifest.pending["zk"]["/etc/zk"] = {};
  o.hosts["c"].files["/etc/app"].digest = "other";
  const Observed then = led_to(d, o);
  CHECK(then.hosts.at("a").containers.size() == 2);
  CHECK(then.hosts.at("b").manifest.pending.empty());
}

TEST_CASE("a host that could not be looked at stays what it was", "[legs]") {
  const Desired d = diff_test::desired();
  Observed o = diff_test::as_wanted(d);
  o.hosts["a"] = {};
  o.hosts["b"].containers.clear();
  const Observed then = after(diff(d, o, {}).first(), o);
  CHECK(then.hosts.at("a").containers.empty());
  CHECK_FALSE(then.hosts.at("a").reachable);
  CHECK(then.hosts.at("b").containers.size() == 2);
}
