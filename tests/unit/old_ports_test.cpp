// Where containers are asked that have not been moved to their new ports yet, over the playbooks that are shipped.
#include "plan/old_ports.hpp"

#include "catch.hpp"
#include "load_support.hpp"
#include "plan/expand.hpp"
#include "plan/our_containers.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

namespace {

Sources sources_of(const std::string& more) {
  const test::Scratch scratch;
  LoadResult loaded =
      load(scratch.file(
               "inventory.yml",
               "cluster: c\nversions: {mesos: 0.28.1, marathon: 1.1.1}\nmasters:\n  - {name: a, address: 10.0.0.1}\n"
               "  - {name: b, address: 10.0.0.2}\n  - {name: d, address: 10.0.0.3}\n"
               "slaves: [{name: e, address: 10.0.0.4}]\n" +
                   more),
           cctl::test::source_dir, {});
  INFO(describe(loaded.mistakes));
  REQUIRE(loaded.ok());
  return std::move(loaded.sources);
}

Desired expanded(const Sources& sources) {
  std::vector<Mistake> mistakes;
  return expand(sources, {}, mistakes);
}

// A host whose Marathon has these ports, in a container of this name.
ObservedHost with_marathon(const std::map<std::string, int>& ports, const std::string& name) {
  ObservedHost out;
  out.reachable = true;
  out.manifest.ports["marathon"] = ports;
  ObservedContainer container;
  container.name = name;
  container.labels = {{label::cluster, "c"}, {label::component, "marathon"}};
  out.containers.push_back(container);
  return out;
}

}  // namespace

TEST_CASE("whose container has other ports than are wanted", "[ports]") {
  const Desired desired = expanded(sources_of("components: {marathon: {ports: {http: 8090}}}\n"));
  const std::string now = container_name("c", "marathon"), kept = previous_name(now);
  const PortsOf moved = {{{"a", "marathon"}, {{"http", 8080}}}};
  struct Row {
    std::map<std::string, int> remembered;
    std::string container;
    PortsOf found;
  };
  const Row rows[] = {
      {{{"http", 8080}}, now, moved},
      {{{"http", 8080}}, kept, moved},             // what a change that failed is to come back to
      {{{"http", 8090}}, now, {}},                 // as wanted
      {{}, now, {}},                               // made before ports were remembered
      {{{"http", 8080}}, "cctl-c-zookeeper", {}},  // none is there
      {{{"http", 8090}, {"gone", 1}}, now, {}},    // a port that the playbook has no more
      {{{"http", 8080}, {"gone", 1}}, now, moved},
  };
  for (const Row& row : rows) {
    Observed observed;
    observed.hosts["a"] = with_marathon(row.remembered, row.container);
    CHECK(old_ports(desired, observed) == row.found);
  }
}

TEST_CASE("it is rendered as it serves, and so is what is judged by it", "[ports]") {
  const Sources sources = sources_of("components: {marathon: {ports: {http: 8090}}}\n");
  const Desired wanted = expanded(sources);
  const auto before = with_ports(sources, {}, {{{"a", "marathon"}, {{"http", 8080}}}});
  REQUIRE(before.size() == 1);
  const Instance& is = *wanted.find("a", "marathon");
  CHECK(before[0].host == "a");
  CHECK(before[0].ports.at("http") == 8080);
  REQUIRE(before[0].probes.size() == is.probes.size());
  for (std::size_t n = 0; n < is.probes.size(); ++n) {
    CHECK(is.probes[n].port == 8090);
    CHECK(before[0].probes[n].port == 8080);
  }
  CHECK(before[0].leader_is != is.leader_is);
  CHECK(before[0].spec_digest != is.spec_digest);
  CHECK(with_ports(sources, {}, {}).empty());
}
