// The tests' main for either version of Catch2.
#include <cstdio>

#include "accepted.hpp"
#include "source_dir.hpp"
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

namespace cctl::test {
const char* const source_dir = CCTL_SOURCE_DIR;
int texts_written = 0;
}  // namespace cctl::test

int main(int argc, char** argv) {
  const int failed = Catch::Session().run(argc, argv);
  if (failed != 0 || cctl::test::texts_written == 0) return failed;
  std::printf("%d texts were written and not compared\n", cctl::test::texts_written);
  return cctl::test::skipped_code;
}
