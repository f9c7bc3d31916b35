#include "plan/member_ids.hpp"

#include "catch.hpp"

using namespace cctl;
using Ids = std::map<std::string, int>;

namespace {

// Hosts by name; "a" has the address "@a".
std::vector<IdHolder> hosts(const std::vector<std::string>& names) {
  std::vector<IdHolder> out;
  for (const auto& name : names) out.push_back({name, "@" + name});
  return out;
}

IdFile holding(const std::string& content) {
  IdFile out;
  out.path = "/d/id";
  out.file.exists = true;
  out.file.content = content;
  return out;
}

std::map<std::string, IdFile> disks(const std::map<std::string, std::string>& contents) {
  std::map<std::string, IdFile> out;
  for (const auto& [host, content] : contents) out[host] = holding(content);
  return out;
}

MemberIdResult assigned(const std::vector<IdHolder>& members, const std::map<std::string, IdFile>& on_disk,
                        const GivenIds& given = {}, int min = 1, int max = 255) {
  return assign_member_ids(members, on_disk, given, {"zk", min, max});
}

Desired of(const std::vector<IdHolder>& members, const Ids& ids) {
  Desired out;
  out.cluster = "c";
  for (const auto& m : members) {
    Instance i;
    i.host = m.host;
    i.ip = m.address;
    i.component = "zk";
    i.member_id = ids.at(m.host);
    out.instances.push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("fresh members count from the lowest id in the inventory's order", "[ids]") {
  CHECK(assigned(hosts({"b", "a", "c"}), {}).ids == Ids{{"b", 1}, {"a", 2}, {"c", 3}});
  CHECK(assigned({}, {}).ids.empty());
}

TEST_CASE("ids on disks win over the order of the inventory", "[ids]") {
  CHECK(assigned(hosts({"new", "old1", "old2"}), disks({{"old1", "1\n"}, {"old2", " 3 "}})).ids ==
        Ids{{"new", 2}, {"old1", 1}, {"old2", 3}});
}

TEST_CASE("an id file that cannot be used is a fault of its host, and told with what mends it", "[ids]") {
  IdFile unread = holding(""), directory = holding("");
  unread.file.unread = directory.file.unread = directory.file.is_directory = true;
  const std::string move = "on a: mv /d/id /d/id.old, then clusterctl up gives it one";
  struct Row {
    IdFile file;
    const char* what;
    std::string next;
    bool known = true;
  };
  for (const Row& row : {
           Row{holding("0"), "/d/id holds \"0\", not a number from 1 to 255", move},
           Row{holding("256"), "/d/id holds \"256\", not a number from 1 to 255", move},
           Row{holding("two"), "/d/id holds \"two\", not a number from 1 to 255", move},
           Row{holding("1 2"), "/d/id holds \"1 2\", not a number from 1 to 255", move},
           Row{holding("-1"), "/d/id holds \"-1\", not a number from 1 to 255", move},
           Row{holding(""), "/d/id is empty, where a number from 1 to 255 is wanted", move},
           Row{holding("replace this text with the cluster-unique id\n(1-255)\n"),
               "/d/id holds \"replace this text with the cluster-unique...\", not a number from 1 to 255", move},
           Row{unread, "/d/id could not be read, so that its id is not known",
               "on a: ls -l /d/id tells why; it is to hold a number from 1 to 255", false},
           Row{directory, "/d/id is a directory, where a file with a number from 1 to 255 is wanted", move},
       }) {
    INFO(row.what);
    const auto result = assigned(hosts({"a", "b"}), {{"a", row.file}});
    REQUIRE(result.faults.size() == 1);
    CHECK(result.problems.empty());
    CHECK(result.faults[0].host == "a");
    CHECK(result.faults[0].component == "zk");
    CHECK(result.faults[0].what == row.what);
    CHECK(result.faults[0].next == row.next);
    CHECK(result.faults[0].known == row.known);
    CHECK(result.ids == Ids{{"a", 1}, {"b", 2}});
  }
}

TEST_CASE("one id on two disks is told of both, and more members than ids are a mistake of the inventory", "[ids]") {
  const auto twice = assigned(hosts({"a", "b"}), disks({{"a", "2"}, {"b", "2"}}));
  REQUIRE(twice.faults.size() == 2);
  CHECK(twice.faults[0].in_words() ==
        "zk on a: /d/id holds 2, and so does that of b; on the one of both that is not member 2: mv /d/id /d/id.old, "
        "then clusterctl up gives it one");
  CHECK(twice.faults[1].host == "b");
  CHECK(assigned(hosts({"a", "b"}), {}, {}, 1, 1).problems ==
        std::vector<std::string>{"no id is left for \"b\" (at most 1)"});
}

TEST_CASE("an id that somebody was given goes to nobody else", "[ids]") {
  const GivenIds given = {{1, {{"a", "@a"}}}, {2, {{"b", "@b"}}}, {3, {{"c", "@c"}}}};
  struct Row {
    const char* what;
    std::vector<IdHolder> hosts;
    std::map<std::string, std::string> on_disk;
    Ids ids;
  };
  const Row rows[] = {
      {"the dead one's replacement", hosts({"a", "b", "d"}), {{"a", "1"}, {"b", "2"}}, {{"a", 1}, {"b", 2}, {"d", 4}}},
      {"two replacements", hosts({"a", "d", "e"}), {{"a", "1"}}, {{"a", 1}, {"d", 4}, {"e", 5}}},
      {"a host that lost its disk is who it was", hosts({"c", "b", "a"}), {{"a", "1"}}, {{"a", 1}, {"b", 2}, {"c", 3}}},
      {"another machine of the old name", {{"a", "@a"}, {"b", "@new"}}, {{"a", "1"}}, {{"a", 1}, {"b", 4}}},
      {"a disk that was moved keeps its id", hosts({"d"}), {{"d", "2"}}, {{"d", 2}}},
      {"all of them new", hosts({"x", "y"}), {}, {{"x", 4}, {"y", 5}}},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(assigned(row.hosts, disks(row.on_disk), given, 1, 254).ids == row.ids);
  }
  const auto spent = assigned(hosts({"d"}), {}, given, 1, 3);
  CHECK(spent.problems.empty());
  REQUIRE(spent.faults.size() == 1);
  CHECK(spent.faults[0].what == "no id is left for \"d\" (at most 3), for others were given them before");
}

TEST_CASE("what manifests remember of ids, those of members that left among them", "[ids]") {
  std::map<std::string, std::string> given;
  note_ids(given, {{"a", "1@@a client:1"}, {"b", "2@@b"}});
  note_ids(given, {{"a", "1@@a"}, {"d", "3@@d"}, {"none", "0@@n"}});
  CHECK(given == std::map<std::string, std::string>{{"1", "a @a"}, {"2", "b @b"}, {"3", "d @d"}});
  Observed observed;
  observed.hosts["a"].manifest.ids["zk"] = given;
  observed.hosts["b"].manifest.members["zk"] = {{"a", "1@@a"}, {"z", "9@@z"}};
  const GivenIds all = given_ids(observed, "zk");
  CHECK(all.size() == 4);
  CHECK(all.at(9).begin()->host == "z");
  CHECK(given_ids(observed, "other").empty());
  CHECK(given_ids(observed).size() == 1);
}

TEST_CASE("an id that is another machine's is refused", "[ids]") {
  Observed observed;
  observed.hosts["a"].manifest.ids["zk"] = {{"1", "a @a"}, {"2", "b @b"}, {"3", "c @c"}};
  struct Row {
    const char* what;
    std::vector<IdHolder> hosts;
    Ids ids;
    bool refused;
  };
  const Row rows[] = {
      {"as they were", hosts({"a", "b", "c"}), {{"a", 1}, {"b", 2}, {"c", 3}}, false},
      {"a fresh one", hosts({"a", "b", "d"}), {{"a", 1}, {"b", 2}, {"d", 4}}, false},
      {"the dead one's, from a copy of its disk", hosts({"a", "b", "d"}), {{"a", 1}, {"b", 2}, {"d", 3}}, true},
      {"the machine has another name", {{"a", "@a"}, {"b2", "@b"}}, {{"a", 1}, {"b2", 2}}, false},
      {"the machine has another address", {{"a", "@a"}, {"b", "@b2"}}, {{"a", 1}, {"b", 2}}, false},
      {"swapped", hosts({"a", "b"}), {{"a", 2}, {"b", 1}}, true},
      {"without ids", hosts({"d"}), {{"d", 0}}, false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Desired desired = of(row.hosts, row.ids);
    bool refused = false;
    for (const auto& i : desired.instances) refused = refused || !spent_id(desired, observed, i).empty();
    CHECK(refused == row.refused);
  }
  const Desired copied = of(hosts({"d"}), {{"d", 3}});
  CHECK(
      spent_id(copied, observed, copied.instances[0]) ==
      "id 3 of zk on d was given to c (@c), and when that comes back both would serve with it; move the file with the "
      "id on d away, and it gets one of its own");
}

TEST_CASE("one that runs and is no member any more keeps its id", "[ids]") {
  Observed observed;
  ObservedHost& left = observed.hosts["c"];
  left.manifest.members["zk"] = {{"a", "1@@a"}, {"c", "2@@c"}};
  ObservedContainer container;
  container.name = "cctl-c-zk";
  container.state = "running";
  container.labels = {{label::cluster, "c"}, {label::component, "zk"}};
  left.containers.push_back(container);
  observed.hosts["b"].manifest.ids["zk"] = {{"2", "b @b"}};  // an older clusterctl gave it again
  const Desired desired = of(hosts({"a", "b"}), {{"a", 1}, {"b", 2}});
  CHECK(spent_id(desired, observed, desired.instances[0]).empty());
  CHECK(
      spent_id(desired, observed, desired.instances[1]) ==
      "id 2 of zk on b is that of c, which runs and is in the inventory no longer; clusterctl down --component zk -l c "
      "ends it");
  left.containers[0].state = "exited";
  CHECK(spent_id(desired, observed, desired.instances[1]).empty());
}

namespace {

// What a manifest says that it was told: "3 c @c".
using Said = std::map<std::string, std::string>;

Said all_claimed(int from, int to, const char* holder) {
  Said out;
  for (int id = from; id <= to; ++id) out[std::to_string(id)] = holder;
  return out;
}

Observed told(const std::map<std::string, Said>& manifests) {
  Observed out;
  for (const auto& [host, said] : manifests) {
    out.hosts[host].reachable = true;
    if (!said.empty()) out.hosts[host].manifest.ids["zk"] = said;
  }
  return out;
}

}  // namespace

TEST_CASE("one host's manifest blocks no ensemble, and ids of the dead stay theirs", "[ids][hostile]") {
  const Said honest = {{"1", "a @a"}, {"2", "b @b"}, {"3", "dead @dead"}};
  Said over = all_claimed(4, 254, "x @x"), swapped = honest;
  over.insert(honest.begin(), honest.end());
  swapped["2"] = "dead @dead", swapped["3"] = "b @b";
  struct Row {
    const char* what;
    std::map<std::string, Said> manifests;
    std::set<int> next;  // what a new member may get; empty: none is left
    bool disbelieved;
  };
  const Row rows[] = {
      {"honest ones", {{"a", honest}, {"b", honest}, {"d", {}}}, {4}, false},
      {"one claims all", {{"a", honest}, {"b", honest}, {"c", all_claimed(1, 254, "x @x")}, {"d", {}}}, {4}, true},
      {"one of those who know the dead claims all", {{"a", over}, {"b", honest}, {"d", {}}}, {4}, true},
      {"the first of a new ensemble claims all", {{"a", all_claimed(1, 254, "x @x")}, {"d", {}}}, {1}, true},
      {"one knows of the dead alone, since the other was replaced",
       {{"a", honest}, {"b", {{"1", "a @a"}, {"2", "b @b"}}}, {"d", {}}},
       {4},
       false},
      {"as many as may be are left out",
       {{"a", honest}, {"b", honest}, {"c", all_claimed(4, 103, "x @x")}},
       {104},
       false},
      {"one more is too many", {{"a", honest}, {"b", honest}, {"c", all_claimed(4, 104, "x @x")}}, {4}, true},
      {"two say the same", {{"a", all_claimed(1, 254, "x @x")}, {"b", all_claimed(1, 254, "x @x")}}, {}, false},
      {"a cluster of one", {{"d", all_claimed(1, 254, "x @x")}}, {}, false},
      {"numbers beyond",
       {{"a", {{"99999999999999999999", "x @x"}, {"-1", "x @x"}, {"nan", "x @x"}}}, {"d", {}}},
       {1},
       false},
  };
  Desired desired;
  desired.cluster = "c";
  ComponentPlan zk;
  zk.component = "zk";
  desired.components = {zk};
  for (const Row& row : rows) {
    INFO(row.what);
    const Observed observed = told(row.manifests);
    const auto result = assigned(hosts({"d"}), {}, given_ids(observed, "zk"), 1, 254);
    CHECK(result.faults.empty() != row.next.empty());
    if (!row.next.empty()) CHECK(row.next.count(result.ids.at("d")) == 1);
    CHECK(disbelieved_ids(observed, desired).empty() != row.disbelieved);
    // Whose file holds the dead one's id is told so, whatever one host says.
    const Desired copied = of(hosts({"d"}), {{"d", 3}});
    if (row.manifests.count("b") && row.manifests.at("b") == honest)
      CHECK(spent_id(copied, observed, copied.instances[0]).starts_with("id 3 of zk on d was given to dead (@dead)"));
  }
  const Observed one = told({{"a", honest}, {"b", honest}, {"c", swapped}, {"d", all_claimed(1, 254, "x @x")}});
  CHECK(assigned(hosts({"a", "b"}), {}, given_ids(one, "zk")).ids == Ids{{"a", 1}, {"b", 2}});
  CHECK(disbelieved_ids(one, desired) ==
        std::vector<std::string>{
            "zk on d: /var/lib/clusterctl/c/manifest.json says of 251 ids that others were given them, and no other "
            "host knows of that: it is not believed; look who wrote it"});
}
