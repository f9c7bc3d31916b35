// Facts gathered from hosts, and what they let a run be stopped for.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <limits>

#include "apply/ask_checks.hpp"
#include "apply/observe.hpp"
#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::string facts(const std::string& hostname, const std::string& uid = "0") {
  return "@@ uid\n" + uid + "\n@@ arch\nx86_64\n@@ kernel\n6.1.0\n@@ hostname\n" + hostname +
         "\n@@ engine_installed\n/usr/bin/dockerd\n@@ engine\nruns\nsettings /etc/docker/daemon.json\nfiles 1024\n"
         "@@ addresses\n" +
         hostname + "\n@@ end\n";
}

World told_world(const Wish& wish) {
  World out = world(wish);
  for (auto& [name, machine] : out.machines) machine.facts = facts(name);
  return out;
}

// `at_once`: the facts come with the observation.
Task<void> look(World& world, const Desired& desired, const std::set<std::string>& names, bool at_once,
                CheckInput& out) {
  const ConnectLimits limits;
  Hosts hosts = co_await connect_all(world, desired.hosts, limits);
  const std::map<std::string, std::vector<std::string>> no_ids;
  AlsoAsked also;
  if (at_once) also.checks = names;
  Looks looks = co_await observe_all(hosts, desired, no_ids, also);
  if (!at_once) looks.facts.clear();
  out = co_await gather(hosts, world, desired, looks, names);
}

CheckInput gathered(World& world, const Wish& wish, const std::set<std::string>& names, bool at_once = false) {
  CheckInput out;
  asio::io_context loop;
  const Desired wanted = desired(wish);
  std::exception_ptr error;
  asio::co_spawn(loop, look(world, wanted, names, at_once, out), [&](std::exception_ptr e) { error = e; });
  loop.run();
  if (error) std::rethrow_exception(error);
  return out;
}

std::set<std::string> all_hosts(const Wish& wish) {
  std::set<std::string> out(wish.masters.begin(), wish.masters.end());
  out.insert(wish.slaves.begin(), wish.slaves.end());
  return out;
}

}  // namespace

TEST_CASE("a look costs one exchange with each host and changes nothing") {
  const Wish wish;
  World w = told_world(wish);
  const std::string before = snapshot(w);
  const auto names = checks_before({}, chosen_checks({}, {}));
  const auto asked = [&](const char* how) {
    return std::count_if(w.log.begin(), w.log.end(), [&](const std::string& l) { return l.starts_with(how); });
  };
  const CheckInput input = gathered(w, wish, names);
  CHECK(input.facts.size() == 5);
  CHECK(snapshot(w) == before);
  CHECK(asked("look ") == 5);
  CHECK(asked("run ") == 0);
  // And none beside the observation, where that brings the facts.
  CHECK(make_checks(gathered(w, wish, names, true), names).size() == make_checks(input, names).size());
  CHECK(asked("look ") == 5);
  CHECK(asked("observe ") == 10);
}

TEST_CASE("a host whose commands are not root's stops the run, unless the check is left out") {
  const Wish wish;
  World w = told_world(wish);
  w.machines.at("b").facts = facts("b", "1000");
  const auto text = [&](const std::set<std::string>& names) {
    return stopping(make_checks(gathered(w, wish, names), names), all_hosts(wish));
  };
  CHECK(text({"ssh.root"}).find("b: commands run as uid 1000") == 0);
  CHECK(text({"ip.local"}).empty());
}

TEST_CASE("two hosts of one name stop the run") {
  const Wish wish;
  World w = told_world(wish);
  w.machines.at("e").facts = facts("d");
  const std::set<std::string> names{"hostname.unique"};
  const std::string text = stopping(make_checks(gathered(w, wish, names), names), {"a"});
  CHECK(text.find("d, e have one hostname") != std::string::npos);
}

TEST_CASE("clocks are asked at moments of one common clock") {
  const Wish wish;
  World w = told_world(wish);
  w.machines.at("c").clock_ahead = 6;
  const std::set<std::string> names{"time.skew"};
  const auto found = make_checks(gathered(w, wish, names), names);
  REQUIRE(found.size() == 1);
  CHECK(found[0].verdict == Verdicted::fail);
  CHECK(found[0].text.find("the clock of c is 6.0 s ahead") == 0);
}

TEST_CASE("a clock that says no number, or none that date prints, is not known") {
  const Wish wish;
  const std::set<std::string> names{"time.skew"};
  for (const double claimed : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(), -1e9, 1e300}) {
    World w = told_world(wish);
    w.machines.at("c").clock_ahead = claimed;
    w.machines.at("d").clock_ahead = 6;
    const auto found = make_checks(gathered(w, wish, names), names);
    REQUIRE(found.size() == 2);
    CHECK(found[0].host == "c");
    CHECK(found[0].verdict == Verdicted::skipped);
    CHECK(found[1].host == "d");
    CHECK(found[1].text.find("the clock of d is 6.0 s ahead") == 0);
  }
}

TEST_CASE("each missing image is asked for once, and why it cannot be had is told") {
  const Wish wish;
  World w = told_world(wish);
  w.unpullable = {"app:1.0"};
  w.fetch("d", "app:1.0");
  const std::set<std::string> names{"images.pullable"};
  const auto found = make_checks(gathered(w, wish, names), names);
  std::string failed;
  for (const auto& f : found)
    if (f.verdict == Verdicted::fail) failed += f.host + ": " + f.text + "\n";
  CHECK(failed == "e: app:1.0 cannot be pulled: manifest unknown\n");
}

TEST_CASE("a host that cannot be reached, or does not answer in full, is told and stops no other") {
  const Wish wish;
  World w = told_world(wish);
  w.machines.at("a").reachable = false;
  w.machines.at("b").facts = "@@ uid\n0\n";
  const auto names = checks_before({}, chosen_checks({}, {}));
  const CheckInput input = gathered(w, wish, names);
  CHECK(input.facts.size() == 3);
  CHECK(input.absent.at("a").why == "ssh: no answer in 3 s");
  CHECK(input.absent.at("b").why.find("not whole") != std::string::npos);
  CHECK(make_checks(input, {"ssh.root"}).size() == 3);
}
