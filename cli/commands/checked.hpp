// What the values of options are checked by, for the two files that declare options.
#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <string>

#include "load/text_file.hpp"

namespace cctl {

constexpr const char* typed_group = "Options that no variable stands for";

// In our words; CLI11's speak of values and of six decimals.
inline CLI::Validator within(double least, double most, const std::string& what, bool whole) {
  const std::string fault = fmt::format("is no {} from {} to {}", what, least, most);
  return CLI::Validator(
      [=](std::string& text) {
        double value = 0;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value);
        const bool good = error == std::errc() && stop == end && value >= least && value <= most &&
                          (!whole || value == std::floor(value));
        return good ? std::string() : quote(text) + " " + fault;
      },
      "");
}

inline CLI::Validator whole_within(int least, int most) {
  return within(least, most, "whole number", true);
}

inline CLI::Validator seconds_within(double least, double most) {
  return within(least, most, "number of seconds", false);
}

}  // namespace cctl
