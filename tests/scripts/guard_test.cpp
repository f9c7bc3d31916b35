// The rules that keep other users of a machine and other machines out of a sandbox, set in a network of the test's own:
// real users knock, and real machines.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "not_run.hpp"
#include "sandbox/guard.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

const Guarded guarded{{{"198.18.7.0/24", "br-own"}}, "127.0.0.1:49153", {1000}};

// A Python program beside this file, with the two scripts in `guard` and `unguard` of its directory; empty: for root
// alone.
std::string said_by(const std::string& program, const std::string& arguments) {
  if (::geteuid() != 0) {
    test::not_run("the rules are for root to set: run the tests as root");
    return "";
  }
  char name[] = "/tmp/cctl-guard-XXXXXX";
  const std::string at = ::mkdtemp(name);
  std::ofstream(at + "/guard") << guard_script("CCTL-test", guarded);
  std::ofstream(at + "/unguard") << unguard_script("CCTL-test");
  const std::string command = "cd " + at + " && unshare --net /usr/bin/python3 " + std::string(test::source_dir) +
                              "/tests/scripts/" + program + " " + arguments + " 2>&1";
  std::FILE* said = ::popen(command.c_str(), "r");
  REQUIRE(said != nullptr);
  std::string out;
  for (char block[1000]; const std::size_t got = std::fread(block, 1, sizeof block, said);) out.append(block, got);
  const int status = ::pclose(said);
  std::filesystem::remove_all(at);
  INFO(out);
  CHECK(status == 0);
  return out;
}

}  // namespace

TEST_CASE("a sandbox's guard lets root and its user in, and ends what others have begun before it") {
  const std::string out = said_by("guarded.py", "1000 2000 < guard");
  if (out.empty()) return;
  CHECK(out ==
        "root before: answered\n"
        "user before: answered\n"
        "other before: answered\n"
        "root kept: answered, new: answered\n"
        "user kept: answered, new: answered\n"
        "other kept: refused, new: refused\n"
        "root kept again: answered, new again: answered\n"
        "user kept again: answered, new again: answered\n"
        "other kept again: refused, new again: refused\n"
        "jumps: 2\n");
}

TEST_CASE("a sandbox's guard lets nothing in from beside the machine, and ends what was begun before it") {
  const std::string out = said_by("neighbours.py", "guard unguard");
  if (out.empty()) return;
  const auto all = [](const std::string& when, const std::string& outside) {
    return when + ": ourselves: answered\n" + when + ": a node: answered\n" + when +
           ": a node to the neighbour: answered\n" + when + ": the neighbour: " + outside + "\n" + when +
           ": the neighbour by loopback's address: " + outside + "\n" + when + ": another container: " + outside + "\n";
  };
  CHECK(out == all("before, new", "answered") + "rules the same again: True\n" + all("guarded, kept", "silent") +
                   all("guarded, new", "silent") + "rules left: 0\n" + all("unguarded, new", "answered"));
}
