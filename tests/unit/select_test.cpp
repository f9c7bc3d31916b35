#include "plan/select.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

using Names = std::set<std::string>;

Host host(const std::string& name, const std::string& address, const std::string& group) {
  Host out;
  out.name = name;
  out.address = address;
  out.ip = address;
  out.group = group;
  return out;
}

std::vector<Host> cluster() {
  std::vector<Host> out;
  for (const std::string n : {"1", "2", "3"}) out.push_back(host("master" + n, "10.0.0." + n, "masters"));
  for (const std::string n : {"1", "2", "10"}) out.push_back(host("slave" + n, "10.0.1." + n, "slaves"));
  out.push_back(host("lbs", "10.0.2.1", "lbs"));  // a host with the name of its group
  out.push_back(host("lb2", "lb2.example.org", "lbs"));
  out.back().ip = "10.0.2.2";
  out.push_back(host("vm01", "10.0.3.1", "hosts"));
  return out;
}

}  // namespace

TEST_CASE("what the words of --limit name", "[select]") {
  struct Row {
    std::vector<std::string> words;
    Names names;
    const char* fault = "";
  };
  const Names masters{"master1", "master2", "master3"}, slaves{"slave1", "slave2", "slave10"};
  const std::vector<Row> rows = {
      {{}, {}},
      {{"slave1"}, {"slave1"}},
      {{"slave1", "slave1", "master2"}, {"slave1", "master2"}},
      {{"10.0.1.2"}, {"slave2"}},
      {{"lb2.example.org"}, {"lb2"}},
      {{"10.0.2.2"}, {"lb2"}},
      {{"masters"}, masters},
      {{"@masters"}, masters},
      {{"lbs"}, {"lbs"}},  // the host, not its group
      {{"@lbs"}, {"lbs", "lb2"}},
      {{"hosts"}, {"vm01"}},
      {{"slave*"}, slaves},
      {{"slave?"}, {"slave1", "slave2"}},
      {{"master[13]"}, {"master1", "master3"}},
      {{"*1"}, {"master1", "slave1", "lbs", "vm01"}},  // the address of lbs
      {{"10.0.1.*"}, slaves},
      {{"10.0.[02].1"}, {"master1", "lbs"}},
      {{"10.0.2.?"}, {"lbs", "lb2"}},
      {{"*.example.org"}, {"lb2"}},
      {{"10.0.1.1?", "master3"}, {"slave10", "master3"}},
      {{"10.9.*"}, {}, "no host matches \"10.9.*\"; known: master1"},
      {{"*"}, {"master1", "master2", "master3", "slave1", "slave2", "slave10", "lbs", "lb2", "vm01"}},
      {{"@slaves", "master1"}, {"slave1", "slave2", "slave10", "master1"}},
      {{"slave11"}, {}, "unknown host \"slave11\", did you mean \"slave1\"?; known: master1"},
      {{"master1", "slav1"}, {"master1"}, "unknown host \"slav1\", did you mean \"slave1\"?"},
      {{"mastes"}, {}, "unknown host \"mastes\", did you mean \"masters\"?"},
      {{"@slave"}, {}, "unknown host \"@slave\", did you mean \"@slaves\"?"},
      {{"@master1"}, {}, "unknown host \"@master1\", did you mean \"master1\"?"},
      {{"web*"}, {}, "no host matches \"web*\"; known: master1"},
      {{"10.0.9.9"}, {}, "unknown host \"10.0.9.9\""},
      {{""}, {}, "an empty word where a host is wanted"},
      {{"@"}, {}, "unknown host \"@\""},
      {{"Master1"}, {}, "did you mean \"master1\"?"},
  };
  for (const Row& row : rows) {
    std::string said;
    for (const auto& word : row.words) said += word + " ";
    INFO(said);
    const Selection found = select_hosts(row.words, cluster());
    CHECK(found.fault.find(row.fault) != std::string::npos);
    CHECK(found.fault.empty() == std::string(row.fault).empty());
    CHECK(found.names == row.names);
  }
}

TEST_CASE("a group without a host is told with those that have some", "[select]") {
  std::vector<Host> hosts = cluster();
  std::erase_if(hosts, [](const Host& h) { return h.group == "lbs" || h.group == "hosts"; });
  const std::string others = " has no host; groups with hosts: @masters (3), @slaves (3)";
  for (const char* word : {"lbs", "@lbs"}) CHECK(select_hosts({word}, hosts).fault == "group \"lbs\"" + others);
  CHECK(select_hosts({"@hosts"}, hosts).fault == "group \"hosts\"" + others);
  CHECK(select_hosts({"@lb"}, hosts).fault.starts_with("unknown host \"@lb\""));
}

TEST_CASE("what the words of --component name", "[select]") {
  const std::vector<std::string> known = {"zookeeper", "mesos-master", "mesos-slave", "/web", "/web/api"};
  struct Row {
    std::vector<std::string> words;
    Names names;
    const char* fault = "";
  };
  const std::vector<Row> rows = {
      {{"zookeeper"}, {"zookeeper"}},
      {{"mesos-*"}, {"mesos-master", "mesos-slave"}},
      {{"/web"}, {"/web"}},
      {{"/web*"}, {"/web", "/web/api"}},
      {{"zookeper"}, {}, "unknown component \"zookeper\", did you mean \"zookeeper\"?"},
      {{"consul*"}, {}, "no component matches \"consul*\""},
      {{""}, {}, "an empty word where a component is wanted"},
  };
  for (const Row& row : rows) {
    const Selection found = select_components(row.words, known);
    INFO(row.words.front());
    CHECK(found.fault.find(row.fault) != std::string::npos);
    CHECK(found.names == row.names);
  }
}

TEST_CASE("the hosts that a run needs are those it has something on", "[select]") {
  Desired desired;
  desired.hosts = cluster();
  const auto runs = [&](const std::string& component, const std::vector<std::string>& on) {
    ComponentPlan plan;
    plan.component = component;
    desired.components.push_back(plan);
    for (const auto& name : on) {
      Instance i;
      i.host = name;
      i.component = component;
      desired.instances.push_back(i);
    }
  };
  runs("zookeeper", {"master1", "master2", "master3"});
  runs("marathon", {"master1"});
  runs("mesos-slave", {"slave1", "slave2", "slave10"});
  const auto needed = [&](Names limit, Names components) {
    DiffOptions chosen;
    chosen.limit = std::move(limit);
    chosen.components = std::move(components);
    return needed_hosts(desired, chosen);
  };
  CHECK(needed({}, {}).size() == 9);
  CHECK(needed({"slave1", "vm01"}, {}) == Names{"slave1", "vm01"});
  CHECK(needed({}, {"marathon"}) == Names{"master1"});
  CHECK(needed({"master2", "slave1"}, {"zookeeper"}) == Names{"master2"});
  CHECK(needed({"slave1"}, {"marathon"}).empty());
  CHECK(needed({}, {"marathon", "mesos-slave"}).size() == 4);
  // What the inventory no longer has may be anywhere.
  CHECK(needed({}, {"chronos"}).size() == 9);
}
