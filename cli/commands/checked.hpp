// What the values of options are checked by, for the two files that declare options.
#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

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

// "a,b", once or more often. CLI11 would pass over empty parts, and "," would narrow nothing.
inline CLI::Option* add_list(CLI::App& app, const std::string& names, std::vector<std::string>& value,
                             const std::string& what) {
  const auto take = [&value, name = names.substr(names.rfind(',') + 1)](const std::vector<std::string>& given) {
    value.clear();
    for (const std::string& word : given)
      for (std::size_t from = 0; from <= word.size();) {
        const std::size_t comma = std::min(word.find(',', from), word.size());
        if (comma == from)
          throw CLI::ValidationError(name, word.empty() ? "it is empty" : quote(word) + " has an empty part");
        value.push_back(word.substr(from, comma - from));
        from = comma + 1;
      }
  };
  return app.add_option_function<std::vector<std::string>>(names, take, what)->allow_extra_args(false);
}

// Of a directory that is read, not made.
inline CLI::Validator existing_directory() {
  return CLI::Validator(
      [](std::string& text) {
        std::error_code failed;
        const auto type = std::filesystem::status(text, failed).type();
        if (type == std::filesystem::file_type::directory) return std::string();
        if (text.empty()) return std::string("the name of the directory is empty");
        if (type == std::filesystem::file_type::not_found) return "there is no directory " + quote(text);
        return quote(text) + " is no directory";
      },
      "");
}

}  // namespace cctl
