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
    std::map<std::string, Absence> away;
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
  const auto away = Absence::away, no_access = Absence::no_access, unusable = Absence::unusable;
  const std::string gone =
      "next: bring it back; what is gone for good is taken out of the inventory, or replaced in it";
  for (const Row& row : {
           Row{"a master",
               {{"m1", away}},
               all,
               4,
               "next: bring it back, or go on without it: clusterctl up -l m2,m3,@slaves,vm"},
           Row{"a slave",
               {{"s1", away}},
               all,
               4,
               "next: bring it back, or go on without it: clusterctl up -l @masters,s2,vm"},
           Row{"two, one of which is reached and of no use",
               {{"s1", unusable}, {"m1", away}},
               all,
               4,
               "next: mend that, or go on without them: clusterctl up -l m2,m3,s2,vm"},
           Row{"two that do not let us in",
               {{"s1", no_access}, {"m1", no_access}},
               all,
               4,
               "next: mend the access to them, or go on without them: clusterctl up -l m2,m3,s2,vm"},
           Row{"it alone was chosen, and does not let us in",
               {{"m1", no_access}},
               one,
               4,
               "next: mend the access to it"},
           Row{"one of no use",
               {{"s1", unusable}},
               all,
               3,
               "next: mend it, or go on without it: clusterctl up -l @masters,s2,vm"},
           Row{"of a component",
               {{"m1", away}, {"s1", away}},
               zk,
               4,
               "next: bring it back, or go on without it: clusterctl up -l m2,m3"},
           Row{"it alone was chosen", {{"m1", away}}, one, 4, gone.c_str()},
           Row{"nothing of what was chosen is there", {{"s1", away}, {"s2", away}}, zk, 0, ""},
       }) {
    INFO(row.what);
    Observed observed;
    for (const char* name : {"m1", "m2", "m3", "s1", "s2", "vm"}) {
      auto& host = observed.hosts[name];
      host.name = name;
      const auto found = row.away.find(name);
      host.reachable = found == row.away.end();
      if (host.reachable) continue;
      host.absence = found->second;
      host.exit_code = host.absence == unusable ? 3 : 4;
    }
    const Absent told = absent(desired(), observed, row.chosen);
    CHECK(told.exit_code == row.code);
    CHECK(told.text.empty() == (row.code == 0));
    if (row.code != 0) CHECK(way_on(told, again) == row.way);
    // A command that takes no --limit does not advise it.
    if (row.code != 0) CHECK(way_on(told, nullptr).find("clusterctl") == std::string::npos);
  }
}

TEST_CASE("an error says in which way its host could not be asked", "[absent]") {
  class Other : public Error {
   public:
    using Error::Error;
  };
  CHECK(absence_by(Unreachable("no answer in 3 s")) == Absence::away);
  CHECK(absence_by(NoAccess("no authentication method worked")) == Absence::no_access);
  CHECK(absence_by(NoAccess("sudo does not take the password", 3)) == Absence::no_access);
  CHECK(absence_by(Forbidden("the socket is forbidden to this user")) == Absence::unusable);
  CHECK(absence_by(Other("the disk is full", 3)) == Absence::unusable);
  CHECK(NoAccess("").exit_code() == 4);
  CHECK(told_absent(Absence::away, "a", "no answer in 3 s") == "a is unreachable: no answer in 3 s");
  CHECK(told_absent(Absence::no_access, "a", "host key changed") == "no access to a: host key changed");
  CHECK(told_absent(Absence::unusable, "a", "no shell") == "a cannot be used: no shell");
  CHECK(told_absent(Absence::away, "a", "") == "a is unreachable");
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
