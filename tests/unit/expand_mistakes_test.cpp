// What only the whole of an inventory shows.
#include <algorithm>

#include "catch.hpp"
#include "load_support.hpp"
#include "plan/expand.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

std::vector<std::string> mistakes_of(const std::string& inventory) {
  const test::Scratch scratch;
  const LoadResult loaded = load(scratch.file("inventory.yml", inventory), cctl::test::source_dir);
  std::vector<Mistake> mistakes = loaded.mistakes;
  if (loaded.ok()) expand(loaded.sources, {}, mistakes);
  std::vector<std::string> out;
  for (const Mistake& m : mistakes)
    if (!m.warning) out.push_back(m.text);
  return out;
}

}  // namespace

TEST_CASE("two components that would listen on one port of a host are a mistake", "[expand]") {
  const std::string hosts =
      "cluster: a\nversions: {marathon: 1.1.1, mesos: 1.4.1, zookeeper: 3.8.0}\n"
      "masters: [{name: m1, address: 10.0.0.1}]\nslaves: [{name: s1, address: 10.0.0.11}]\n";
  CHECK(mistakes_of(hosts).empty());
  CHECK(mistakes_of(hosts + "components: {marathon: {ports: {http: 2181}}}\n") ==
        std::vector<std::string>{"zookeeper (client) and marathon (http) would both listen on port 2181 of m1; "
                                 "components: {marathon: {ports: {http: ...}}} changes it"});
}

TEST_CASE("a component without a host is told once, not by everybody who speaks of it", "[expand]") {
  const auto found =
      mistakes_of("cluster: a\nversions: {mesos: 1.4.1, zookeeper: 3.8.0}\nslaves: [{name: s1, address: 10.0.0.11}]\n");
  REQUIRE(found.size() == 2);
  for (const auto& text : found) CHECK(text.find("has no host: there are no masters") != std::string::npos);
}

TEST_CASE("vars are of their kind, and a virtual address is nobody's own", "[expand]") {
  const std::string hosts =
      "cluster: a\nversions: {haproxy: 2.6, keepalived: 2.0.20, consul: 1.8.7, consul-template: 0.32.0}\n"
      "masters: [{name: m1, address: m1.example, ip: 10.0.0.1}]\nlbs: [{name: l1, address: 10.0.0.11}]\n";
  struct Row {
    std::string vars, says;
  };
  for (const Row& row : std::vector<Row>{
           {"vip: 10.0.0.20/24", ""},
           {"vip: 10.0.0.20/24, virtual_router_id: 255, priority: 254, preempt: true", ""},
           {"vip: 10.0.0.11/24", "vip \"10.0.0.11/24\" of keepalived is the own address of l1, and has to be nobody's"},
           {"vip: 10.0.0.1/24", "vip \"10.0.0.1/24\" of keepalived is the own address of m1, and has to be nobody's"},
           {"vip: 10.0.0.20/24, virtual_router_id: 256",
            "bad virtual_router_id \"256\" of keepalived 2.0.20: it is a whole number from 1 to 255"},
           {"vip: 10.0.0.20/24, preempt: 'yes'", "bad preempt \"yes\" of keepalived 2.0.20: it is true or false"},
           {"vip: abc",
            "bad vip \"abc\" of keepalived 2.0.20: it is an IPv4 address with its prefix, as 192.168.2.90/24"}}) {
    INFO(row.vars);
    const auto found = mistakes_of(hosts + "components: {keepalived: {vars: {" + row.vars + "}}}\n");
    CHECK(found == (row.says.empty() ? std::vector<std::string>{} : std::vector<std::string>{row.says}));
  }
  CHECK(mistakes_of(hosts).size() == 1);
}

TEST_CASE("an old Bamboo is told of changes by a Marathon that calls back, or not taken", "[expand]") {
  const auto inventory = [](const std::string& bamboo, const std::string& marathon, const std::string& mesos) {
    return "cluster: a\nversions: {zookeeper: 3.8.0, mesos: " + mesos + ", marathon: " + marathon +
           ", haproxy: 2.2, bamboo: " + bamboo +
           "}\nmasters: [{name: m1, address: 10.0.0.1}]\nslaves: [{name: s1, address: 10.0.0.2}]\n"
           "lbs: [{name: l1, address: 10.0.0.11}]\n";
  };
  const auto calls_back = [](const std::string& text) {
    const test::Scratch scratch;
    const LoadResult loaded = load(scratch.file("inventory.yml", text), cctl::test::source_dir);
    REQUIRE(loaded.ok());
    std::vector<Mistake> mistakes;
    const Desired desired = expand(loaded.sources, {}, mistakes);
    const auto* marathon = desired.find("m1", "marathon");
    REQUIRE(marathon);
    const auto& args = marathon->container()->spec.args;
    const auto flag = std::find(args.begin(), args.end(), "--event_subscriber");
    return flag != args.end() && *(flag + 1) == "http_callback";
  };
  CHECK(calls_back(inventory("0.2.11", "1.1.1", "0.28.1")));
  CHECK_FALSE(calls_back(inventory("0.2.16", "1.1.1", "0.28.1")));
  CHECK(mistakes_of(inventory("0.2.16", "1.5.15", "1.4.1")).empty());
  CHECK(mistakes_of(inventory("0.2.11", "1.5.15", "1.4.1")) ==
        std::vector<std::string>{"bamboo 0.2.11 works with marathon <1.5 only, and this is 1.5.15"});
}
