// What cannot be tried on this machine is told, and is a failure where CI_REQUIRE_ALL is set, as in ./test.
#pragma once
#include <cstdlib>
#include <string>

#include "catch.hpp"

namespace cctl::test {

inline void not_run(const std::string& why) {
  const char* all = std::getenv("CI_REQUIRE_ALL");
  if (all && *all) FAIL("not run, and CI_REQUIRE_ALL is set: " << why);
  WARN("not run: " << why);
}

}  // namespace cctl::test
