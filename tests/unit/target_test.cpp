#include "plan/target.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

struct TargetRow {
  const char* what;
  TargetWords words;
  const char* path;   // or
  const char* fault;  // a part of it
  bool said = true;
  const char* again = "";  // target_words
};

TargetWords words(std::optional<std::string> argument, std::optional<std::string> option,
                  std::optional<Candidate> environment, std::optional<Candidate> here,
                  std::optional<std::string> cluster = {}, bool on_line = true) {
  TargetWords out;
  out.argument = std::move(argument);
  out.option = std::move(option);
  out.same_file = out.argument && out.argument == out.option;
  out.environment = std::move(environment);
  out.here = std::move(here);
  out.remembered = {{"prod", "/r/prod.yml"}, {"test", "/r/test.yml"}};
  out.last = "prod";
  out.cluster = std::move(cluster);
  out.cluster_on_line = on_line;
  return out;
}

}  // namespace

TEST_CASE("which inventory a command is about", "[target]") {
  const std::optional<std::string> no;
  const std::optional<Candidate> none, env = Candidate{"env.yml", "envc"}, here = Candidate{"inventory.yml", "herec"},
                                       broken = Candidate{"inventory.yml", ""}, env_prod = Candidate{"env.yml", "prod"},
                                       here_prod = Candidate{"inventory.yml", "prod"};
  TargetWords forgetful = words(no, no, none, none);
  forgetful.remembered.clear(), forgetful.last.clear();
  TargetWords damaged = words(no, no, none, none, "prud"), spoilt = forgetful, half = words(no, no, none, none, "test"),
              besides = words("a.yml", no, none, none);
  damaged.memory_fault = spoilt.memory_fault = half.memory_fault = besides.memory_fault = "m.json:1:2: not JSON";
  TargetWords unknown = words(no, no, none, none, "prud");
  TargetWords two_names = words("./a.yml", "a.yml", none, none);
  two_names.same_file = true;
  const std::vector<TargetRow> rows = {
      {"the argument before all", words("a.yml", no, env, here), "a.yml", "", true, "a.yml"},
      {"the option before the environment", words(no, "o.yml", env, here), "o.yml", "", true, "-i o.yml"},
      {"the environment before the file here", words(no, no, env, here), "env.yml", ""},
      {"the file here before what is remembered", words(no, no, none, here), "inventory.yml", ""},
      {"what is remembered, a guess", words(no, no, none, none), "/r/prod.yml", "", false, "--cluster prod"},
      {"two files on the line", words("a.yml", "o.yml", none, none), "", "a.yml and -i o.yml are two inventories"},
      {"two files on the line, with an environment", words("a.yml", "o.yml", env, here), "", "are two inventories"},
      {"one file said twice", words("a.yml", "a.yml", env, none), "a.yml", "", true, "a.yml"},
      {"one file under two names", two_names, "./a.yml", "", true, "./a.yml"},
      {"an empty argument is none of the others", words("", no, env, here), "", "the name of the inventory is empty"},
      {"an empty option", words(no, "", env, here), "", "--inventory is empty"},
      {"an empty cluster", words(no, no, none, here, ""), "", "--cluster is empty"},
      {"a name with a space", words("my prod.yml", no, none, none), "my prod.yml", "", true, "'my prod.yml'"},
      {"nothing at all", forgetful, "", "no cluster is remembered; name one behind the command"},
      {"nothing at all, since it cannot be read", spoilt, "", "m.json:1:2: not JSON; or pass the inventory with -i"},
      {"a cluster that may have been remembered", damaged, "", "m.json:1:2: not JSON; or pass the inventory with -i"},
      {"a cluster that still can be read", half, "/r/test.yml", "", true, "--cluster test"},
      {"memory is not asked", besides, "a.yml", "", true, "a.yml"},
      // --cluster on the line
      {"a remembered cluster by its name", words(no, no, none, none, "test"), "/r/test.yml", "", true,
       "--cluster test"},
      {"a cluster and the argument: held against each other after reading", words("a.yml", no, none, none, "test"),
       "a.yml", "", true, "a.yml"},
      {"the file here is of that cluster", words(no, no, none, here_prod, "prod"), "inventory.yml", "", true,
       "--cluster prod"},
      {"the file here is of another", words(no, no, none, here, "prod"), "/r/prod.yml", "", true, "--cluster prod"},
      {"the file here cannot be read: it is told, not passed over", words(no, no, none, broken, "prod"),
       "inventory.yml", "", true, "--cluster prod"},
      {"the environment is of that cluster", words(no, no, env_prod, here, "prod"), "env.yml", "", true,
       "--cluster prod"},
      {"the environment is of another, the file here is not", words(no, no, env, here_prod, "prod"), "inventory.yml",
       "", true, "--cluster prod"},
      {"neither is, nor is it remembered", words(no, no, env, here, "prud"), "",
       "no cluster \"prud\" is remembered, did you mean \"prod\"?; env.yml is the inventory of \"envc\"; inventory.yml "
       "is the inventory of \"herec\"; pass its inventory with -i"},
      {"a cluster that is not remembered", unknown, "", "did you mean \"prod\"?; pass its inventory with -i"},
      // CLUSTERCTL_CLUSTER
      {"a cluster of the environment", words(no, no, none, none, "test", false), "/r/test.yml", "", true,
       "--cluster test"},
      {"a file on the line is held against it after reading", words("a.yml", no, none, none, "test", false), "a.yml",
       "", true, "a.yml"},
      {"it passes over a file here of another cluster", words(no, no, none, here, "test", false), "/r/test.yml", "",
       true, "--cluster test"},
      {"two variables that disagree", words(no, no, env, none, "test", false), "",
       "CLUSTERCTL_INVENTORY is env.yml, the inventory of \"envc\", and CLUSTERCTL_CLUSTER is \"test\""},
  };
  for (const TargetRow& row : rows) {
    INFO(row.what);
    const InventoryTarget target = choose_target(row.words);
    CHECK(target.path == row.path);
    if (*row.fault)
      CHECK(target.fault.find(row.fault) != std::string::npos);
    else
      CHECK(target.fault.empty());
    if (*row.fault) continue;
    CHECK(target.said() == row.said);
    CHECK(target_words(target) == row.again);
  }
}

TEST_CASE("what the file has to be the inventory of", "[target]") {
  CHECK(choose_target(words("a.yml", {}, {}, {}, "test")).cluster == "test");
  CHECK(choose_target(words("a.yml", {}, {}, {}, "test", false)).cluster == "test");
  CHECK(choose_target(words({}, "o.yml", {}, {}, "test", false)).cluster == "test");
  CHECK(choose_target(words("a.yml", {}, {}, {})).cluster.empty());
  CHECK(choose_target(words({}, {}, {}, Candidate{"inventory.yml", "herec"})).cluster.empty());
  CHECK(choose_target(words({}, {}, {}, {})).cluster == "prod");  // a file that became another's is no target
}

TEST_CASE("a file of another cluster is told with who named the other", "[target]") {
  const auto told = [](const InventoryTarget& target, bool by_variable) {
    return wrong_cluster(target, "alpha", by_variable);
  };
  CHECK(told(choose_target(words("a.yml", {}, {}, {}, "test")), false) ==
        "a.yml is the inventory of \"alpha\", not of \"test\", which --cluster names; leave one of them out");
  CHECK(told(choose_target(words({}, {}, {}, {}, "test")), false) ==
        "/r/test.yml is the inventory of \"alpha\", not of \"test\", which had it at its last up; pass its new place "
        "with -i");
  CHECK(told(choose_target(words("a.yml", {}, {}, {}, "test", false)), true) ==
        "a.yml is the inventory of \"alpha\", not of \"test\", which CLUSTERCTL_CLUSTER names; unset it, or name that "
        "cluster's file");
  CHECK(
      told(choose_target(words({}, {}, {}, {})), true) ==
      "/r/prod.yml is the inventory of \"alpha\", not of \"prod\", the cluster of the last up; say which is meant with "
      "-i");
}

TEST_CASE("what a change needs before it begins", "[target]") {
  struct Case {
    bool said, yes, grave;
    Consent wanted;
  };
  for (const Case& c : {Case{true, true, true, Consent::given}, Case{true, true, false, Consent::given},
                        Case{true, false, true, Consent::yes_or_no}, Case{true, false, false, Consent::yes_or_no},
                        Case{false, true, true, Consent::refused}, Case{false, true, false, Consent::refused},
                        Case{false, false, true, Consent::name}, Case{false, false, false, Consent::yes_or_no}}) {
    INFO(c.said << c.yes << c.grave);
    CHECK(consent(c.said, c.yes, c.grave) == c.wanted);
  }
}
