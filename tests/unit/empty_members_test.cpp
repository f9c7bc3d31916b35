#include "plan/empty_members.hpp"

#include "catch.hpp"
#include "plan/quorum.hpp"

using namespace cctl;

namespace {

// One letter per member, a, b, c ...: D has data, d has some and starts, e is empty and starts, E is empty and runs,
// ? was not looked at.
std::vector<MemberHolding> members(const std::string& letters) {
  std::vector<MemberHolding> out;
  for (const char letter : letters) {
    MemberHolding m;
    m.host = std::string(1, static_cast<char>('a' + out.size()));
    m.seen = letter != '?';
    m.holds = letter == 'D' || letter == 'd';
    m.starts = letter == 'd' || letter == 'e';
    out.push_back(m);
  }
  return out;
}

}  // namespace

TEST_CASE("who starts empty waits for those that have data, or is refused", "[quorum]") {
  struct Row {
    std::string letters;
    std::set<std::string> after_others;
    bool refused;
  };
  const Row rows[] = {
      {"eee", {}, false},
      {"EEe", {}, false},
      {"DDD", {}, false},
      {"ddd", {}, false},
      {"DDe", {"c"}, false},
      {"edd", {"a"}, false},
      {"Dee", {}, true},
      {"dEe", {}, true},
      {"DEE", {}, false},
      {"D?e", {"c"}, false},
      {"?ee", {}, false},
      {"e", {}, false},
      {"De", {}, false},
      {"DDee", {}, false},
      {"DDDe", {"d"}, false},
      {"Deee", {}, true},
      {"DDDee", {"d", "e"}, false},
      {"DDeee", {}, true},
      {"D??ee", {"d", "e"}, false},
      {"D?eee", {}, true},
  };
  for (const Row& row : rows) {
    INFO(row.letters);
    const auto found = empty_starts("zk", "/data/version-2", members(row.letters));
    CHECK(found.after_others == row.after_others);
    CHECK(!found.refused.empty() == row.refused);
  }
  CHECK(empty_starts("zk", "/data/version-2", members("eDe")).refused ==
        "of the 3 members of zk only b has data: a, c would start empty, elect one of themselves, and what b holds "
        "would be forgotten; copy /data/version-2 from b to a first, with its owner, while neither runs, or, if "
        "nothing of it is wanted, move it away on b");
}

TEST_CASE("what tells that a member holds data", "[quorum]") {
  const MemberData data{"/data/version-2/currentEpoch", "0"};
  Desired desired;
  ComponentPlan zk;
  zk.component = "zk";
  zk.rollout.quorum = true;
  Observed observed;
  std::vector<Step> steps;
  for (const char* host : {"a", "b", "c"}) {
    Instance i;
    i.host = host;
    i.component = zk.component;
    i.member_data = data;
    desired.instances.push_back(i);
    observed.hosts[host].reachable = true;
    Step create;
    create.host = host;
    create.component = zk.component;
    create.action = Action::create;
    steps.push_back(create);
  }
  const auto refused = [&](const std::string& file, const std::string& content, bool unread) {
    ObservedFile& seen = observed.hosts["a"].files[file];
    seen.exists = true;
    seen.content = content;
    seen.unread = unread;
    const bool out = !empty_starts(desired, observed, zk, steps).refused.empty();
    observed.hosts["a"].files.clear();
    return out;
  };
  CHECK(refused(data.file, "1", false));
  CHECK(refused(data.file, "12\n", false));
  CHECK(refused(data.file, "", true));
  CHECK(refused("/data/version-2", "", false));  // an ensemble of one that is to become three
  CHECK_FALSE(refused(data.file, "0", false));
  CHECK_FALSE(refused("/data", "", false));
  zk.rollout.quorum = false;
  CHECK_FALSE(refused(data.file, "1", false));
}

// Empty replicas of Mesos' log elect nobody; they wait for a majority that has data, half of an even number included.
TEST_CASE("who starts empty and can only wait is refused without a majority that has data", "[quorum]") {
  struct Row {
    std::string letters;
    std::set<std::string> after_others;
    bool refused;
  };
  const Row rows[] = {
      {"eee", {}, false},           {"ddd", {}, false},     {"dee", {}, true},
      {"DDe", {"c"}, false},        {"De", {}, true},       {"d", {}, false},
      {"DDee", {}, true},           {"DDDe", {"d"}, false}, {"D?e", {"c"}, false},
      {"DEE", {}, false},           {"DEe", {}, true},      {"e", {}, false},
      {"DDDee", {"d", "e"}, false}, {"?ee", {}, false},
  };
  for (const Row& row : rows) {
    INFO(row.letters);
    const auto found = empty_starts("master", "/w/replicated_log", members(row.letters), true);
    CHECK(found.after_others == row.after_others);
    CHECK(!found.refused.empty() == row.refused);
  }
  CHECK(empty_starts("master", "/w/replicated_log", members("dee"), true).refused ==
        "of the 3 members of master only a has data: b, c would start empty and wait with a for a majority that has "
        "data, for ever; copy /w/replicated_log from a to b first, with its owner, while neither runs, or, if nothing "
        "of it is wanted, move it away on a");
}

TEST_CASE("a directory in which one of some files is not empty holds data", "[quorum]") {
  MemberData data;
  data.directory = "/w/log";
  data.holds = {"*.log", "*.sst"};
  Desired desired;
  ComponentPlan master;
  master.component = "master";
  master.rollout.quorum = true;
  std::vector<Step> steps;
  Observed observed;
  for (const char* host : {"a", "b", "c"}) {
    Instance i;
    i.host = host;
    i.component = master.component;
    i.member_data = data;
    i.member_data.waits = true;
    desired.instances.push_back(i);
    observed.hosts[host].reachable = true;
    Step create;
    create.host = host;
    create.component = master.component;
    create.action = Action::create;
    steps.push_back(create);
  }
  const auto holds = [&](const std::vector<ObservedEntry>& entries) {
    observed.hosts["a"].entries["/w/log"] = entries;
    return !empty_starts(desired, observed, master, steps).refused.empty();
  };
  CHECK_FALSE(holds({}));
  // A replica that was opened, and never took part.
  CHECK_FALSE(holds(
      {{"CURRENT", 'f', false}, {"LOCK", 'f', true}, {"MANIFEST-000002", 'f', false}, {"000003.log", 'f', true}}));
  CHECK(holds({{"CURRENT", 'f', false}, {"000003.log", 'f', false}}));
  CHECK(holds({{"000005.sst", 'f', false}, {"000006.log", 'f', true}}));
  CHECK_FALSE(holds({{"old.log", 'd', false}, {"link.log", 'l', false}}));
}

// Every mixture of up to five: what may start at once never has a majority of empty ones, unless nobody has data.
TEST_CASE("those that start at once are no empty majority", "[quorum]") {
  const std::string kinds = "dDeE?";
  int guarded = 0, refused = 0;
  for (std::size_t n = 1; n <= 5; ++n) {
    std::size_t mixtures = 1;
    for (std::size_t i = 0; i < n; ++i) mixtures *= kinds.size();
    for (std::size_t mixture = 0; mixture < mixtures; ++mixture) {
      std::string letters;
      for (std::size_t i = 0, rest = mixture; i < n; ++i, rest /= kinds.size()) letters += kinds[rest % kinds.size()];
      const auto all = members(letters);
      const auto found = empty_starts("zk", "/d", all);
      guarded += !found.after_others.empty();
      refused += !found.refused.empty();
      int empty = 0, holders = 0, starting = 0;
      for (const auto& m : all) {
        holders += m.holds;
        starting += m.seen && !m.holds && m.starts;
        empty += m.seen && !m.holds && (!m.starts || !found.after_others.count(m.host));
      }
      INFO(letters);
      if (holders > 0 && starting > 0 && found.refused.empty()) REQUIRE(empty < majority(static_cast<int>(n)));
      if (holders == 0) REQUIRE(found.refused.empty());
    }
  }
  CHECK(guarded > 100);
  CHECK(refused > 100);
}
