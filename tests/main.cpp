// The tests' main for either version of Catch2.
#include "source_dir.hpp"

namespace cctl::test {
const char* const source_dir = CCTL_SOURCE_DIR;
}

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
