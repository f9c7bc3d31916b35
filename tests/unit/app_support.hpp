// What is told of an app's definition, for the tables of its rules.
#pragma once
#include <string>
#include <vector>

#include "catch.hpp"
#include "load/app_rules.hpp"
#include "load/apps.hpp"
#include "load_support.hpp"

namespace cctl::test {

struct AppRow {
  std::string marathon;  // "" is unknown
  std::string json;      // the keys beside the id
  std::string says;      // "" is fine; "LINE:COLUMN TEXT" one a line, after "~" a warning
};

inline std::string told_of_app(const std::string& marathon, const std::string& text, bool yaml = false) {
  const Scratch scratch;
  Mistakes mistakes;
  const auto read = read_app_file(scratch.file(yaml ? "a.yml" : "a.json", text), mistakes);
  if (read) check_app(read->tree, Version::parse(marathon), mistakes);
  std::string out;
  for (const Mistake& m : mistakes.in_file_order())
    out += (out.empty() ? "" : "\n") + std::string(m.warning ? "~" : "") + std::to_string(m.mark.line) + ":" +
           std::to_string(m.mark.column) + " " + m.text;
  return out;
}

inline void check_apps(const std::vector<AppRow>& rows) {
  for (const AppRow& row : rows) {
    INFO(row.marathon << " " << row.json);
    CHECK(told_of_app(row.marathon, "{\"id\": \"/w\",\n" + row.json + "}") == row.says);
  }
}

}  // namespace cctl::test
