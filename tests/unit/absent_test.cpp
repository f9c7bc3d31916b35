// Hosts that cannot be used, and the way on without them.
#include "plan/absent.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

Desired desired() {
  Desired out;
  const auto add = [&](const std::string& name, const std::string& group, const std::string& component) {
    Host host;
    host.name = name;
    host.group = group;
    out.hosts.push_back(host);
    Instance i;
    i.host = name;
    i.component = component;
    out.instances.push_back(i);
    if (out.component(component)) return;
    ComponentPlan c;
    c.component = component;
    out.components.push_back(c);
  };
  for (const char* name : {"m1", "m2", "m3"}) add(name, "masters", "zk");
  for (const char* name : {"s1", "s2"}) add(name, "slaves", "slave");
  add("vm", "hosts", "dns");
  return out;
}

}  // namespace

TEST_CASE("who is away is told with a command for those that are there", "[absent]") {
  struct Row {
    const char* what;
    std::map<std::string, int> away;  // with the exit code of why
    DiffOptions chosen;
    int code;
    const char* way;
  };
  DiffOptions all, zk, one;
  zk.components = {"zk"};
  one.limit = {"m1"};
  const Again again = [](const std::vector<std::string>& limit) {
    std::string out;
    for (const auto& word : limit) out += (out.empty() ? "" : ",") + word;
    return "clusterctl up -l " + out;
  };
  const std::string gone =
      "next: bring it back; what is gone for good is taken out of the inventory, or replaced in it";
  for (const Row& row : {
           Row{"a master",
               {{"m1", 4}},
               all,
               4,
               "next: bring it back, or go on without it: clusterctl up -l m2,m3,@slaves,vm"},
           Row{"a slave",
               {{"s1", 4}},
               all,
               4,
               "next: bring it back, or go on without it: clusterctl up -l @masters,s2,vm"},
           Row{"two, one of which is reached and of no use",
               {{"s1", 3}, {"m1", 4}},
               all,
               4,
               "next: bring them back, or go on without them: clusterctl up -l m2,m3,s2,vm"},
           Row{"one of no use",
               {{"s1", 3}},
               all,
               3,
               "next: bring it back, or go on without it: clusterctl up -l @masters,s2,vm"},
           Row{"of a component",
               {{"m1", 4}, {"s1", 4}},
               zk,
               4,
               "next: bring it back, or go on without it: clusterctl up -l m2,m3"},
           Row{"it alone was chosen", {{"m1", 4}}, one, 4, gone.c_str()},
           Row{"nothing of what was chosen is there", {{"s1", 4}, {"s2", 4}}, zk, 0, ""},
       }) {
    INFO(row.what);
    Observed observed;
    for (const char* name : {"m1", "m2", "m3", "s1", "s2", "vm"}) {
      auto& host = observed.hosts[name];
      host.name = name;
      const auto found = row.away.find(name);
      host.reachable = found == row.away.end();
      if (!host.reachable) host.exit_code = found->second;
    }
    const Absent away = absent(desired(), observed, row.chosen);
    CHECK(away.exit_code == row.code);
    CHECK(away.text.empty() == (row.code == 0));
    if (row.code != 0) CHECK(way_on(away, again) == row.way);
    // A command that takes no --limit does not advise it.
    if (row.code != 0) CHECK(way_on(away, nullptr).find("clusterctl") == std::string::npos);
  }
}

TEST_CASE("what to do about members that keep a majority from standing", "[absent]") {
  CHECK(way_out("zk", {}, {}, {"a", "b"}).empty());
  CHECK(way_out("zk", {}, {"c"}, {"a", "b"}) == "; clusterctl up -l c starts it first");
  CHECK(
      way_out("zk", {"c"}, {}, {"a", "b"}) ==
      "; bring c back, or, if that is gone for good, take the others down (clusterctl down --component zk -l a,b keeps "
      "their data) and put another host in its place");
  CHECK(way_out("zk", {"b", "c"}, {}, {"a"}) ==
        "; bring b, c back, or put another host in the place of what is gone for good, in the inventory");
}
