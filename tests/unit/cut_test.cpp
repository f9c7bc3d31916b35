// Texts of hosts that are shown: only so much of them, wherever they come from.
#include "model/cut.hpp"

#include "catch.hpp"
#include "look/look.hpp"
#include "model/error.hpp"
#include "model/line_splitter.hpp"
#include "model/secrets.hpp"
#include "plan/entries.hpp"
#include "registry/excerpt.hpp"
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

TEST_CASE("no part of a known secret is left where a line is cut, or given in parts") {
  const std::string secret = "Kn0wn-55-9q-of-cuts";
  keep_secret(secret);
  keep_secret("cuts-as-0ne-ends-another-begins");
  // At any place of it.
  for (std::size_t before = 0; before < 330; before += 3) {
    INFO(before);
    const std::string line = std::string(before, 'a') + secret + std::string(400 - before, 'b');
    for (const std::string& said : {head_of(line, 100), excerpt(line, 100)}) CHECK_THAT(said, !Contains("Kn0w"));
    std::string all;
    LineSplitter splitter(100, LineSplitter::Long::in_parts);
    for (const char byte : line + "\n")
      splitter.feed({&byte, 1}, [&](const std::string& part) {
        CHECK(part.size() <= 100);
        all += without_known_secrets(part);
      });
    CHECK(all == std::string(before, 'a') + kRedacted + std::string(400 - before, 'b'));
  }
  CHECK(before_begun_secret("abc Kn0wn-") == 4);
  CHECK(before_begun_secret("abc " + secret) == 4);
  CHECK(before_begun_secret("") == 0);
  // A secret that is longer than a line may be does not hold it up for ever.
  keep_secret(std::string(300, 'L') + "-l0ng");
  LineSplitter splitter(100, LineSplitter::Long::in_parts);
  std::size_t given = 0;
  splitter.feed(std::string(1000, 'L') + "\n", [&](const std::string& part) { given += part.size(); });
  CHECK(given == 1000);
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
  CHECK_THROWS_WITH(of_few_lines(more), Contains("more than 1000000 lines"));
  CHECK_THROWS_WITH(read_look(more, {}, "@@"), Contains("more than 1000000 lines"));
}

TEST_CASE("what a look at a host tells in words is cut where it is read") {
  using Texts = std::vector<std::string>;
  struct Told {
    const Fact* fact;
    std::string answer;
    Texts (*texts)(const Looked&);
  };
  const Told rows[] = {
      {&fact::arch, kLong, [](const Looked& l) { return Texts{l.facts.arch}; }},
      {&fact::os, kLong + "\n" + kLong + "\n" + kLong,
       [](const Looked& l) {
         return Texts{l.facts.os, l.facts.os_version, l.facts.os_like};
       }},
      {&fact::kernel, kLong, [](const Looked& l) { return Texts{l.facts.kernel}; }},
      {&fact::hostname, kLong, [](const Looked& l) { return Texts{l.facts.hostname}; }},
      {&fact::machine_id, kLong, [](const Looked& l) { return Texts{l.facts.machine_id}; }},
      {&fact::packages, kLong, [](const Looked& l) { return Texts{l.facts.packages}; }},
      {&fact::selinux, kLong + "\n" + kLong,
       [](const Looked& l) {
         return Texts{l.facts.selinux, l.facts.selinux_at_boot};
       }},
      {&fact::cgroups, "cgroup " + kLong + " " + kLong,
       [](const Looked& l) {
         return Texts{l.facts.cgroup_v1.begin()->first, l.facts.cgroup_v1.begin()->second};
       }},
      {&fact::sysctls, "/proc/sys/vm/x=" + kLong, [](const Looked& l) { return Texts{l.facts.sysctls.at("vm.x")}; }},
      {&fact::disks, "0 d 1 1 1 1 1 " + kLong, [](const Looked& l) { return Texts{l.facts.disks.at("/d").type}; }},
      {&fact::resolved, kLong, [](const Looked& l) { return l.facts.resolved; }},
      {&fact::addresses, kLong, [](const Looked& l) { return Texts{*l.facts.addresses.begin()}; }},
      {&fact::routes, kLong + " 0 0 0 0 0 0 0", [](const Looked& l) { return Texts{l.facts.routes.at(0).interface}; }},
      {&fact::neighbours, kLong + " 0x1 0x2 " + kLong,
       [](const Looked& l) {
         return Texts{l.facts.neighbours.begin()->first, l.facts.neighbours.begin()->second};
       }},
      {&fact::links, kLong + " 1500 " + kLong,
       [](const Looked& l) {
         return Texts{l.facts.links.at(0).name, l.facts.links.at(0).mac};
       }},
      {&fact::nameservers, "nameserver " + kLong, [](const Looked& l) { return l.facts.nameservers; }},
      {&fact::programs, "1 " + kLong, [](const Looked& l) { return Texts{*l.facts.programs.begin()}; }},
      {&fact::sockets, "read\nholder 7 socket:[5]\ncontainer 7 " + kLong + "\ntcp 00000000:1F90 5",
       [](const Looked& l) { return Texts{l.facts.sockets.at(0).container}; }},
      {&fact::time_services, kLong, [](const Looked& l) { return l.facts.time_services; }},
      {&fact::engine, "settings " + kLong + "\nflag " + kLong,
       [](const Looked& l) {
         return Texts{l.facts.daemon_json_path, l.facts.docker_flags.at(0)};
       }},
      {&fact::engine_package, kLong, [](const Looked& l) { return Texts{l.facts.docker_package}; }},
      {&fact::firewall, "firewalld " + kLong + "\nopen_now " + kLong + "\nufw " + kLong + "\niptables " + kLong,
       [](const Looked& l) {
         return Texts{l.facts.zone, l.facts.open_now, l.facts.ufw_rules.at(0), l.facts.iptables.at(0)};
       }},
      {&fact::forward_rules, kLong, [](const Looked& l) { return l.facts.forward_rules; }},
      {&fact::holder, kLong, [](const Looked& l) { return Texts{l.host.holder}; }},
      {&fact::entries, "0 f 1 " + kLong,
       [](const Looked& l) { return Texts{l.host.entries.begin()->second.at(0).name}; }},
      {&fact::files, "0 b " + kLong, [](const Looked& l) { return Texts{l.host.files.at("/f").barred}; }},
      {&fact::files, "0 l " + kLong, [](const Looked& l) { return Texts{l.host.files.at("/f").link}; }},
      {&fact::files, "0 f\n@@ stat\n1 " + kLong + " " + kLong + "\n@@ sha\n" + kLong,
       [](const Looked& l) {
         return Texts{l.host.files.at("/f").mode.substr(1), l.host.files.at("/f").owner};
       }},
  };
  for (const Told& row : rows) {
    LookRequest request;
    request.facts = {row.fact};
    request.sysctls = {"vm.x"};
    request.disks = {"/d"};
    request.paths = {"/f"};
    request.listed = {"/e"};
    std::string answer = std::string("@@ ") + row.fact->name + "\n" + row.answer + "\n@@ end\n";
    INFO(answer.substr(0, 40));
    for (const std::string& text : row.texts(read_look(answer, request, "@@"))) {
      CHECK_THAT(text, EndsWith(" bytes)"));
      CHECK(text.size() < limits::told + 30);
    }
  }
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
