#include "catch.hpp"
#include "model/report.hpp"
#include "model/visible.hpp"
#include "report/table.hpp"
#include "report/unified_diff.hpp"
#include "report/words.hpp"

using namespace cctl;
using std::chrono::milliseconds;

TEST_CASE("durations are as exact as a person needs") {
  CHECK(duration(milliseconds(0)) == "0.0s");
  CHECK(duration(milliseconds(849)) == "0.8s");
  CHECK(duration(milliseconds(9949)) == "9.9s");
  CHECK(duration(milliseconds(9950)) == "10s");
  CHECK(duration(milliseconds(41'400)) == "41s");
  CHECK(duration(milliseconds(59'600)) == "1m 00s");
  CHECK(duration(milliseconds(125'000)) == "2m 05s");
  CHECK(duration(milliseconds(11'400'000)) == "3h 10m");
}

TEST_CASE("sizes") {
  CHECK(bytes(0) == "0 B");
  CHECK(bytes(999) == "999 B");
  CHECK(bytes(1234) == "1.2 kB");
  CHECK(bytes(166'000'000) == "166 MB");
  CHECK(bytes(999'960'000) == "1.0 GB");
}

TEST_CASE("the engine's words for an age become one short word") {
  CHECK(age("Up 3 hours") == "3h");
  CHECK(age("Up About a minute") == "1m");
  CHECK(age("Up About an hour (healthy)") == "1h");
  CHECK(age("Up Less than a second") == "1s");
  CHECK(age("Exited (137) 2 weeks ago") == "2w");
  CHECK(age("Up 5 months") == "5mo");
  CHECK(age("Created") == "");
}

TEST_CASE("widths count characters, not bytes") {
  CHECK(width("größe") == 5);
  CHECK(padded("größe", 7) == "größe  ");
  CHECK(shortened("größenwahn", 8) == "größe...");
  CHECK(shortened("short", 8) == "short");
  CHECK(abridged("mode leader or follower", 23) == "mode leader or follower");
  CHECK(abridged("mode leader or follower", 13) == "mode ...lower");
  CHECK(abridged("größenwahnsinnig", 9) == "grö...nig");
  CHECK(abridged("größenwahnsinnig", 6) == "grö...");
}

TEST_CASE("a table's columns are as wide as their widest cell") {
  const std::vector<Row> rows = {{{"HOST"}, {"NOTE"}}, {{"zürich1"}, {"up"}}, {{"a"}, {""}}};
  CHECK(table(rows, Look{}) == "HOST     NOTE\nzürich1  up\na\n");
  CHECK(for_terminal(table({{{"x", Color::red}, {"y"}}}, Look{true, 80}, 1)) == " \x1b[31mx\x1b[0m  y\n");
}

TEST_CASE("what is wider than the terminal goes on below", "[fold]") {
  CHECK(folded("one two three four", 0, 2) == "one two three four\n");
  CHECK(folded("one two three four", 18, 2) == "one two three four\n");
  CHECK(folded("one two three four", 10, 2) == "one two\n  three\n  four\n");
  CHECK(folded("  one two   three", 9, 4) == "  one two\n    three\n");
  CHECK(folded("/a/very/long/path is whole", 8, 1) == "/a/very/long/path\n is\n whole\n");
  CHECK(folded("größe größe", 5, 0) == "größe\ngröße\n");
  const Look painted{true, 80};
  CHECK(width(painted.paint(Color::red, "größe")) == 5);
  CHECK(for_terminal(folded(painted.paint(Color::red, "one:") + " two", 8, 2)) == "\x1b[31mone:\x1b[0m two\n");
  Look narrow;
  narrow.fold = 40;
  const std::vector<Row> rows = {{{"~"}, {"master1"}, {"env A removed: was 1; env B removed: was 2"}, {"down"}},
                                 {{"="}, {"m2"}, {"x"}}};
  CHECK(table(rows, narrow) ==
        "~  master1  env A removed: was 1;   down\n"
        "            env B removed: was 2\n"
        "=  m2       x\n");
  CHECK(table_rows(rows, narrow).size() == 2);
  narrow.fold = 100;
  CHECK(table(rows, narrow) == table(rows, Look{}));
}

namespace {
std::string lines_told(const std::vector<DiffLine>& lines) {
  std::string out;
  for (const DiffLine& line : lines) out += (line.sign == '@' ? "" : std::string(1, line.sign)) + line.text + "\n";
  return out;
}
}  // namespace

TEST_CASE("a diff tells only what changed") {
  CHECK(lines_told(unified_diff("a\nb\nc\n", "a\nB\nc\n", 0)) == "-b\n+B\n");
  CHECK(lines_told(unified_diff("", "a\nb\n", 0)) == "+a\n+b\n");
  CHECK(lines_told(unified_diff("a\n", "a\n", 3)).empty());
  CHECK(lines_told(unified_diff("a\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", 1)) == "@@ -4 +4 @@\n d\n-e\n+E\n");
  CHECK(lines_told(unified_diff("a", "a\n", 0)) == "(only the newline at the end differs)\n");
}

TEST_CASE("a diff keeps the longest common part") {
  CHECK(lines_told(unified_diff("1\n2\n3\n4\n", "2\n3\nx\n4\n", 0)) == "-1\n+x\n");
}

TEST_CASE("nothing of a run stands when every step was put back or not begun") {
  Report report;
  CHECK(report.nothing_stands());
  report.steps = {{"m1", "", "pull", Outcome::done, "", {}},
                  {"m1", "zookeeper", "recreate", Outcome::rolled_back, "", {}}};
  report.steps.push_back({"m2", "zookeeper", "recreate", Outcome::skipped, "", {}});
  CHECK(report.nothing_stands());
  for (const Outcome outcome : {Outcome::done, Outcome::failed}) {
    Report other = report;
    other.steps[2].outcome = outcome;
    CHECK_FALSE(other.nothing_stands());
  }
}
