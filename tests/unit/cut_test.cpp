// Texts of hosts that are shown: only so much of them, wherever they come from.
#include "model/cut.hpp"

#include <functional>

#include "catch.hpp"
#include "check/facts.hpp"
#include "model/error.hpp"
#include "model/secrets.hpp"
#include "plan/entries.hpp"
#include "prepare/facts.hpp"
#include "report/table.hpp"

using namespace cctl;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

const std::string kLong(1 << 20, 'x');

}  // namespace

TEST_CASE("what is too long is cut between characters, and told as cut") {
  struct Row {
    std::string text;
    std::size_t most;
    std::string shown;
  };
  const Row rows[] = {
      {"", 3, ""},
      {"abc", 3, "abc"},
      {"abcd", 3, "abc... (4 bytes)"},
      {"ab\xc3\xa4z", 3, "ab... (5 bytes)"},
      {"a\xe2\x82\xac", 3, "a... (4 bytes)"},
      {"\xe2\x82\xac\xe2\x82\xac", 3, "\xe2\x82\xac... (6 bytes)"},
      {std::string(5, '\xbf'), 3, "... (5 bytes)"},
  };
  for (const Row& row : rows) CHECK(cut_text(row.text, row.most) == row.shown);
  CHECK(cut_text(kLong).size() < limits::told + 30);
}

TEST_CASE("no part of a known secret is left where a text is cut") {
  keep_secret("hunter2-hunter2-hunter2");
  for (const std::size_t before : {0, 780, 790, 799, 800}) {
    INFO(before);
    CHECK_THAT(cut_text(std::string(before, 'x') + "hunter2-hunter2-hunter2" + kLong), !Contains("hunter"));
  }
}

TEST_CASE("of a list the first are told, and how many more there are") {
  CHECK(first_few({}).empty());
  CHECK(first_few({"a", "b"}) == "a, b");
  CHECK(first_few({"a", "b"}, ",") == "a,b");
  const std::vector<std::string> many(limits::listed + 5, kLong);
  CHECK_THAT(first_few(many), EndsWith(" and 5 more"));
  CHECK(first_few(many).size() < limits::listed * (limits::told + 40));
}

TEST_CASE("an answer of too many lines is no answer, whoever reads it") {
  const std::string most(limits::lines, '\n'), more = most + "\n";
  CHECK(&of_few_lines(most) == &most);
  for (const auto& read : {std::function<void()>([&] { of_few_lines(more); }), {[&] { check_facts_from(more); }}, {[&] {
                             facts_from(more);
                           }}})
    CHECK_THROWS_WITH(read(), Contains("more than 1000000 lines"));
}

TEST_CASE("what a look at a host tells in words is cut where it is read") {
  const CheckFacts check =
      check_facts_from("@@ id\n0\n" + kLong + "\n@@ os\n" + kLong + "\n" + kLong + "\n@@ kernel\n" + kLong + "\n" +
                       kLong + "\n" + kLong + "\n@@ asked\ns vm/x " + kLong + "\nd 1 1 1 1 1 " + kLong + " /" + kLong +
                       "\n@@ programs\n1 " + kLong + "\n@@ end\n");
  for (const std::string& text : {check.arch, check.os, check.os_version, check.kernel, check.hostname,
                                  check.machine_id, check.sysctls.at("vm.x"), check.disks.begin()->first,
                                  check.disks.begin()->second.type, *check.programs.begin()})
    CHECK_THAT(text, EndsWith("(1048576 bytes)") || EndsWith("(1048577 bytes)"));
  const HostFacts facts = facts_from("fact os " + kLong + "\nfact sysctl vm.x " + kLong + "\nfact end\n");
  CHECK(facts.os.size() < limits::told + 30);
  CHECK(facts.sysctls.at("vm.x").size() < limits::told + 30);
}

TEST_CASE("a wide cell moves its own row alone") {
  const std::vector<Row> rows = {{{"a"}, {std::string(3000, 'w')}, {"z"}}, {{"b"}, {"c"}, {"z"}}, {{kLong}}};
  const auto lines = table_rows(rows, {});
  CHECK(lines[0].size() > 3000);
  CHECK(lines[1].size() < 400);
  CHECK(lines[2].size() < limits::line + 30);
}

TEST_CASE("what lies in a directory of ours and is nobody's is counted beyond the first") {
  Instance instance;
  instance.host = "a", instance.component = "web";
  const std::string told = told_foreign(instance, std::vector<std::string>(100000, "/etc/web/x"));
  CHECK_THAT(told, Contains("and 99980 more"));
  CHECK(told.size() < 1000);
}
