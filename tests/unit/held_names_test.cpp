// Names that two hosts exchange, or take from one another, while their agents run.
#include "plan/held_names.hpp"

#include "catch.hpp"
#include "load_support.hpp"
#include "plan/diff.hpp"
#include "plan/expand.hpp"
#include "plan/our_containers.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

namespace {

Desired agents() {
  const test::Scratch scratch;
  const LoadResult loaded =
      load(scratch.file("inventory.yml",
                        "cluster: c\nversions: {consul: 1.8.7}\nmasters:\n  - {name: m, address: 10.0.0.9}\nslaves:\n"
                        "  - {name: a, address: 10.0.0.1}\n  - {name: b, address: 10.0.0.2}\n"
                        "  - {name: z, address: 10.0.0.3}\n"),
           cctl::test::source_dir, {});
  INFO(describe(loaded.mistakes));
  REQUIRE(loaded.ok());
  std::vector<Mistake> mistakes;
  return expand(loaded.sources, {}, mistakes);
}

struct Runs {
  std::string host, name;  // as the manifest says; empty: made before names were remembered
  std::string state = "running";
};

Observed hosts(const std::vector<Runs>& all) {
  Observed out;
  for (const Runs& runs : all) {
    ObservedHost& host = out.hosts[runs.host];
    host.name = runs.host;
    host.reachable = true;
    if (!runs.name.empty()) host.manifest.names["consul-client"] = runs.name;
    ObservedContainer container;
    container.name = container_name("c", "consul-client");
    container.labels = {{label::cluster, "c"}, {label::component, "consul-client"}};
    container.state = runs.state;
    host.containers.push_back(container);
  }
  return out;
}

}  // namespace

TEST_CASE("a name that another agent has is refused while that one runs", "[names]") {
  const Desired desired = agents();
  CHECK(desired.find("a", "consul-client")->goes_by == "a");
  struct Row {
    std::vector<Runs> there;
    std::set<std::string> limit;
    std::string said;
  };
  const std::string after = " keeps their data) and let up start them",
                    refused =
                        " while it runs: it would be refused. Take them down first "
                        "(clusterctl down --component consul-client -l ";
  const Row rows[] = {
      {{}, {}, ""},
      {{{"a", "a"}, {"b", "b"}}, {}, ""},
      {{{"a", "b"}, {"b", "a"}},
       {},
       "consul-client on a would go by \"a\", which that on b has, and on b would go by \"b\", which that on a has" +
           refused + "a,b" + after},
      {{{"a", "b"}, {"b", "a"}},
       {"a"},
       "consul-client on a would go by \"a\", which that on b has" + refused + "a,b" + after},
      // A new host has the name of one that goes by another from now on.
      {{{"b", "a"}}, {}, "consul-client on a would go by \"a\", which that on b has" + refused + "a,b" + after},
      {{{"a", "b"}, {"b", "a", "exited"}},
       {},
       "consul-client on b would go by \"b\", which that on a has" + refused + "a,b" + after},
      {{{"a", "b", "exited"}, {"b", "a", "exited"}}, {}, ""},
      {{{"a", "old"}, {"b", "b"}}, {}, ""},  // a name that nobody else has or wants
      {{{"a", ""}, {"b", ""}}, {}, ""},      // nobody knows
      {{{"a", "b"}, {"b", "a"}}, {"z"}, ""},
  };
  for (const Row& row : rows) CHECK(held_name(desired, hosts(row.there), "consul-client", row.limit) == row.said);
  CHECK(held_name(desired, hosts({{"a", "b"}, {"b", "a"}}), "mesos-slave", {}).empty());
}

TEST_CASE("a plan that gives a name away is refused, unless it is about something else", "[names]") {
  const Desired desired = agents();
  const Observed swapped = hosts({{"a", "b"}, {"b", "a"}});
  const auto refused = [&](const DiffOptions& how) {
    const Plan plan = diff(desired, swapped, how);
    return plan.refusals.empty() ? 0 : plan.refusals.front().exit_code;
  };
  CHECK(refused({}) == 8);
  DiffOptions slaves;
  slaves.components = {"mesos-slave"};
  CHECK(refused(slaves) == 0);
}
