// What the registry room says of what it is told by those who mean harm.
#pragma once
#include <functional>
#include <string>

#include "catch.hpp"
#include "model/error.hpp"

namespace cctl::test {

inline std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

inline void check_says(const std::string& said, const std::string& words) {
  CAPTURE(said, words);
  CHECK(said.find(words) != std::string::npos);
}

}  // namespace cctl::test
