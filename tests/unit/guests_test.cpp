#include "plan/guests.hpp"

#include "catch.hpp"
#include "kind.hpp"

using namespace cctl;

TEST_CASE("tasks are counted, not containers; only ended ones with names of the component's own are removed",
          "[guests]") {
  struct Case {
    std::string name, state;
    bool running, ended;
    std::string cluster = {};
  };
  const std::string id = "3c9bd8b9-0bd4-4d0e-8f6a-111111111111";
  const std::vector<Case> cases{
      {"mesos-" + id, "running", true, false},
      {"mesos-" + id + ".executor", "running", false, false},
      {"mesos-" + id + "-S0." + id, "running", true, false},
      {"mesos-" + id, "exited", false, true},
      {"mesos-" + id + ".executor", "exited", false, true},
      {"mesos-" + id + "-S0." + id, "exited", false, true},
      {"mesos-" + id, "created", false, true},
      {"mesos-" + id, "paused", false, false},
      {"mesos-backup", "exited", false, false},
      {"mesos-backup", "running", true, false},  // the slave would take it for one, too
      {"web", "exited", false, false},
      {"mesos-" + id, "exited", false, false, "prod"},
  };
  Desired desired;
  Instance slave;
  slave.host = "s1", test::as<Container>(slave).guests = "mesos-",
  test::as<Container>(slave).guests_beside = ".executor";
  desired.instances.push_back(slave);
  for (const auto& c : cases) {
    ObservedHost host;
    host.name = "s1";
    ObservedContainer container;
    container.name = c.name, container.state = c.state;
    if (!c.cluster.empty()) container.labels[label::cluster] = c.cluster;
    host.containers.push_back(container);
    CAPTURE(c.name, c.state);
    CHECK(running_guests(slave, host) == (c.running ? 1 : 0));
    CHECK(ended_guests(desired, host).size() == (c.ended ? 1U : 0U));
    host.name = "m1";  // runs none
    CHECK(ended_guests(desired, host).empty());
    CHECK(running_guests(Instance{}, host) == 0);
  }
}
