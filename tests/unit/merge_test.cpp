#include "plan/merge.hpp"

#include "catch.hpp"
#include "model/error.hpp"

using namespace cctl;
using namespace cctl::test;

TEST_CASE("our keys go into a JSON object, and nothing is lost") {
  const std::string now =
      R"({"log-driver": "journald", "insecure-registries": ["a:5000"], "default-ulimits": {"nofile": 1}})";
  const std::string part =
      R"({"live-restore": true, "insecure-registries": ["b:5000"], "default-ulimits": {"core": 0}})";
  const std::string after = merged(Merge::json, now, part);
  CHECK(after.find("\"log-driver\": \"journald\"") != after.npos);
  CHECK(after.find("\"b:5000\",\n        \"a:5000\"") != after.npos);
  CHECK(after.find("\"nofile\": 1") != after.npos);
  CHECK(changed_keys(now, after) == std::vector<std::string>{"insecure-registries", "default-ulimits", "live-restore"});
  CHECK(merged(Merge::json, after, part) == after);
}

TEST_CASE("a file that has our part already keeps every byte") {
  const std::string now = "{ \"dns\" : [\"10.0.0.1\"],\t\"debug\":false }";
  CHECK(merged(Merge::json, now, R"({"dns": ["10.0.0.1"]})") == now);
  CHECK(merged(Merge::json, "", R"({"dns": ["10.0.0.1"]})") == "{\n    \"dns\": [\n        \"10.0.0.1\"\n    ]\n}\n");
  CHECK(merged(Merge::json, "  \n", "{}") == "{}\n");
}

TEST_CASE("what is no JSON object is told, not replaced") {
  CHECK_THROWS_WITH(merged(Merge::json, "{\"dns\": [", "{}"), Contains("does not parse as JSON: line 1, column 10"));
  CHECK_THROWS_WITH(merged(Merge::json, "[]", "{}"), Contains("no JSON object"));
}

TEST_CASE("our part goes out again, whatever others did since") {
  struct Row {
    const char *before, *part, *now, *left;
  };
  const Row rows[] = {
      {R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2,"c":3})", R"({"a":1,"c":3})"},
      {R"({"a":1})", R"({"a":2})", R"({"a":2,"c":3})", R"({"a":1,"c":3})"},
      {R"({"a":1})", R"({"a":2})", R"({"a":9})", R"({"a":9})"},  // changed by somebody else: theirs
      {R"({"l":["x"]})", R"({"l":["y"]})", R"({"l":["y","x","z"]})", R"({"l":["x","z"]})"},
      {R"({})", R"({"l":["y"]})", R"({"l":["y"]})", R"({})"},
      {R"({"l":["y"]})", R"({"l":["y"]})", R"({"l":["y"]})", R"({"l":["y"]})"},
      {R"({})", R"({"o":{"k":1}})", R"({"o":{"k":1}})", R"({})"},
      {R"({"o":{"j":2}})", R"({"o":{"k":1}})", R"({"o":{"j":2,"k":1}})", R"({"o":{"j":2}})"},
      {"", R"({"b":2})", R"({"b":2,"c":3})", R"({"c":3})"},
  };
  for (const auto& row : rows) {
    INFO(row.now << " without " << row.part);
    CHECK(unmerged(Merge::json, row.now, row.part, row.before) == merged(Merge::json, "", row.left));
  }
}

TEST_CASE("our lines stand first, once") {
  const std::string theirs = "# made by dhclient\nsearch example.org\nnameserver 10.0.0.1\n",
                    part = "nameserver 10.9.9.9\n";
  const std::string ours = merged(Merge::first_lines, theirs, part);
  CHECK(ours == part + theirs);
  CHECK(merged(Merge::first_lines, ours, part) == ours);
  CHECK(merged(Merge::first_lines, theirs + part, part) == ours);
  CHECK(unmerged(Merge::first_lines, ours, part, theirs) == theirs);
  CHECK(unmerged(Merge::first_lines, "nameserver 10.9.9.9\nnameserver 10.0.0.2\n", part, theirs) ==
        "nameserver 10.0.0.2\n");
  CHECK(unmerged(Merge::first_lines, ours, part, theirs + part) == ours);  // it was theirs before it was ours
}
