#include "plan/theirs.hpp"

#include "catch.hpp"
#include "model/base64.hpp"
#include "plan/merge.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

TEST_CASE("what others wrote into a file that we share") {
  struct Row {
    const char* what;
    Merge how;
    const char *first, *part, *before, *now, *left;  // nullptr: there was, or is left, nothing
  };
  const Row rows[] = {
      {"as we wrote it", Merge::first_lines, "a\n", "o\n", "a\n", "o\na\n", "a\n"},
      {"as we wrote it, and nothing before us", Merge::first_lines, nullptr, "o\n", "", "o\n", nullptr},
      {"as it stood when a run ended early", Merge::first_lines, "a\n", "new\n", "o\na\n", "o\na\n", "a\n"},
      {"a line more", Merge::first_lines, "a\n", "o\n", "a\n", "o\na\nb\n", "a\nb\n"},
      {"all new, as dhclient does", Merge::first_lines, "a\n", "o\n", "a\n", "c\n", "c\n"},
      {"a line more, and nothing before us", Merge::first_lines, nullptr, "o\n", "", "o\nb\n", "b\n"},
      {"lines changed about, and nothing before us", Merge::first_lines, nullptr, "o\np\n", "", "p\no\n", nullptr},
      {"a line of theirs that is ours as well", Merge::first_lines, "o\n", "o\n", "o\n", "o\nb\n", "o\nb\n"},
      {"a key more", Merge::json, R"({"a": 1})", R"({"b": 2})", "", R"({"a":1,"b":2,"c":3})",
       "{\n    \"a\": 1,\n    \"c\": 3\n}\n"},
      {"another order, and nothing before us", Merge::json, nullptr, R"({"b": 2, "d": 1})", "", R"({"d":1,"b":2})",
       nullptr},
      {"no JSON any more", Merge::json, R"({"a": 1})", R"({"b": 2})", "", "{", "{"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    ManifestFile ours;
    ours.merge = row.how;
    ours.part = row.part;
    ours.digest = sha256_hex(merged(row.how, row.first ? row.first : "", row.part));
    ours.before = sha256_hex(row.before);
    if (row.first) ours.replaced = to_base64(row.first);
    const auto left = theirs(ours, row.now);
    CHECK(left.has_value() == (row.left != nullptr));
    if (row.left) CHECK(left.value_or("") == row.left);
  }
}
