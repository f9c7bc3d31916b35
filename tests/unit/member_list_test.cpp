#include "plan/member_list.hpp"

#include <sstream>

#include "catch.hpp"

using namespace cctl;

namespace {

// Words, one per member that is wanted: "a:abc" has data of the ensemble a, b, c; "a:abc!" beside it the file that
// gives it others; "a:" has data, and nobody knows whose; "a" has none; "a?" was not looked at.
std::vector<ListedMember> members(const std::string& words) {
  std::vector<ListedMember> out;
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    ListedMember m;
    m.host = word.substr(0, 1);
    m.seen = word.find('?') == word.npos;
    m.holds = word.find(':') != word.npos;
    m.recovers = word.find('!') != word.npos;
    for (const char c : word.substr(1))
      if (c >= 'a' && c <= 'z') m.then.insert(std::string(1, c));
    out.push_back(m);
  }
  return out;
}

Desired five() {
  Desired out;
  out.cluster = "c";
  ComponentPlan consul;
  consul.component = "consul";
  consul.rollout.quorum = true;
  out.components.push_back(consul);
  for (const char* host : {"m1"}) {
    Instance i;
    i.host = host;
    i.component = "consul";
    i.member_list = {"/d/raft/raft.db", "/d/raft/peers.json", R"({"id": "KEY", "address": "10.0.0.1:8300"})",
                     "/d/node-id"};
    out.instances.push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("whose data lists members that are gone, or others than the rest's", "[members]") {
  struct Row {
    const char* words;
    bool stranded;
    std::set<std::string> rivals;
  };
  const Row rows[] = {
      {"a:abcde b:abcde c:abcde d:abcde e:abcde", false, {}},
      {"a:abcde", true, {}},                   // five become one
      {"a:abcde b:abcde", true, {}},           // or two
      {"a:abcde b:abcde c:abcde", false, {}},  // three of five lead
      {"a:abc", true, {}},
      {"a:abc b:abc", false, {}},
      {"a:ab", true, {}},
      {"a:a", false, {}},
      {"a:a x y", false, {}},  // one becomes three: it leads, and the others join
      {"a:abcde x y", true, {}},
      {"a:abcde!", false, {}},         // told who they are
      {"a:abcde! b:abcde", true, {}},  // not all of them
      {"a:abcde! b:abcde!", false, {}},
      {"a:abcde b?", true, {}},      // whatever the other disk has
      {"a:abcde b? c?", false, {}},  // a majority may be there
      {"a:abcde b", true, {}},       // an empty disk votes for nobody
      {"x y z", false, {}},          // a new ensemble
      {"a? b? c?", false, {}},
      {"a:", false, {}},  // nobody remembers who they were
      {"a: b:abcde", false, {}},
      {"a:a b:abc c:abc", false, {"b", "c"}},  // a was told that it is alone, and these were forgotten
      {"a:a b:abc", false, {}},                // one that is behind follows
      {"a:a b:abc c", false, {}},
      {"a:abd b:abc d", false, {}},  // some were told of a change before others
      {"a:ab b:ab c:cde d:cde", false, {"c", "d"}},
      {"a:a! b:abc! c:abc!", false, {}},
  };
  for (const Row& row : rows) {
    INFO(row.words);
    const Ensembles found = ensembles_of(members(row.words));
    CHECK(found.stranded == row.stranded);
    CHECK(found.rivals == row.rivals);
  }
}

TEST_CASE("an ensemble that would lead nobody is refused, with the way that works", "[members]") {
  const Desired desired = five();
  Observed observed;
  ObservedHost& host = observed.hosts["m1"];
  host.reachable = true;
  for (const char* name : {"m1", "m2", "m3", "m4", "m5"}) host.manifest.members["consul"][name] = "0@10.0.0.1";
  CHECK(stranded(desired, observed, desired.components[0]).empty());  // its disk is empty
  host.entries["/d/raft"] = {{"raft.db", 'f', false}};
  host.files["/d/node-id"].exists = true;
  host.files["/d/node-id"].content = "8d7c\n";
  CHECK(stranded(desired, observed, desired.components[0]) ==
        "the data of consul on m1 is that of 5 members, and without m2, m3, m4, m5 no majority of them is left: nobody "
        "would ever lead; put these back into the inventory, or tell the data of its new members, on m1: echo "
        "'[{\"id\": \"8d7c\", \"address\": \"10.0.0.1:8300\"}]' >/d/raft/peers.json; then up starts it");
  host.entries["/d/raft"].push_back({"peers.json", 'f', false});
  CHECK(stranded(desired, observed, desired.components[0]).empty());

  // Others came back with what they knew before.
  Desired two = desired;
  two.instances.push_back(two.instances[0]);
  two.instances[1].host = "m2";
  observed.hosts["m2"] = host;
  observed.hosts["m2"].entries["/d/raft"].pop_back();
  observed.hosts["m1"].manifest.members["consul"] = {{"m1", "0@10.0.0.1"}};
  observed.hosts["m2"].manifest.members["consul"] = {{"m2", "0@10.0.0.2"}};
  CHECK(stranded(two, observed, desired.components[0]) ==
        "the data of consul tells of different members on m2 than on the others, and each have their majority: both "
        "would lead; move /d/raft away where it is not wanted, and it comes anew from the others");
}
