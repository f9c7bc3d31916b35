// Catch2 is version 2 on Debian 12 and version 3 on Debian 13: this hides which.
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#include <string>
namespace cctl::test {
inline auto Contains(const std::string& text) {
  return Catch::Matchers::ContainsSubstring(text);
}
}  // namespace cctl::test
#else
#include <catch2/catch.hpp>
namespace cctl::test {
using Catch::Contains;
}
#endif
