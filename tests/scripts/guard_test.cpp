// The rules that keep other users of a machine out of a sandbox, set in a network of the test's own: real users knock.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "not_run.hpp"
#include "sandbox/guard.hpp"
#include "source_dir.hpp"

using namespace cctl;

TEST_CASE("a sandbox's guard lets root and its user in, and ends what others have begun before it") {
  if (::geteuid() != 0) return test::not_run("the rules are for root to set: run the tests as root");
  char name[] = "/tmp/cctl-guard-XXXXXX";
  const std::string at = ::mkdtemp(name);
  std::ofstream(at + "/script") << guard_script("CCTL-test", {{"198.18.7.0/24"}, "127.0.0.1:49153", {1000}});
  const std::string command = "unshare --net /usr/bin/python3 " + std::string(test::source_dir) +
                              "/tests/scripts/guarded.py 1000 2000 < " + at + "/script 2>&1";
  std::FILE* said = ::popen(command.c_str(), "r");
  REQUIRE(said != nullptr);
  std::string out;
  for (char block[1000]; const std::size_t got = std::fread(block, 1, sizeof block, said);) out.append(block, got);
  const int status = ::pclose(said);
  std::filesystem::remove_all(at);
  INFO(out);
  CHECK(status == 0);
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
