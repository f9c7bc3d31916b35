#include <fmt/format.h>

#include "catch.hpp"
#include "load/tree.hpp"

using namespace cctl;

namespace {

struct WordRow {
  const char* what;
  const char* text;
  int line, column;
  const char* says;
};

const WordRow word_rows[] = {
    {"an item too far left", "masters:\n  - {name: a}\n - {name: b}\nslaves: []\n", 3, 2,
     "wrong indent: this line is indented by 1 space, and what is above it begins at 0 or 2"},
    {"an item too far right", "masters:\n  - {name: a}\n   - {name: b}\n", 3, 4,
     "wrong indent: this line is indented by 3 spaces, and what is above it begins at 0 or 2"},
    {"a key of an item too far left", "masters:\n  - name: a\n   address: 1\n", 3, 4,
     "indented by 3 spaces, and what is above it begins at 0, 2 or 4"},
    {"a key of an item too far right", "masters:\n  - name: a\n      address: 1\n", 3, 7,
     "indented by 6 spaces, and what is above it begins at 0, 2 or 4; the line above has its value already"},
    {"a key too far right", "ssh:\n  user: a\n    key: b\n", 3, 5, "indented by 4 spaces"},
    {"a key too far left", "ssh:\n    user: a\n  key: b\n", 3, 3,
     "indented by 2 spaces, and what is above it begins at 0 or 4"},
    {"a key of the top that is indented", "cluster: x\n masters: []\n", 2, 2, "wrong indent"},
    {"a first line that is indented", "  cluster: x\nmasters: []\n", 2, 1,
     "wrong indent: this line stands left of the first"},
    {"a tab", "ssh:\n\tuser: a\n", 2, 1, "a tab in the indent; indent with spaces"},
    {"a tab below spaces", "masters:\n  - name: a\n\taddress: b\n", 3, 1, "a tab in the indent"},
    {"no space after a colon", "cluster:x\nmasters: []\n", 1, 8, "a space is missing after the colon"},
    {"no colon", "cluster x\nmasters: []\n", 1, 1, "\"cluster x\" has no value: is a colon missing behind it?"},
    {"no colon, further down", "cluster: x\nmasters\nslaves: []\n", 2, 1, "\"masters\" has no value"},
    {"two colons", "cluster: a: b\n", 1, 11,
     "a second \": \" on this line; a value that has one is put in quotes: cluster: \"a: b\""},
    {"a brace that stays open", "masters:\n  - {name: a, address: b\n  - {name: c}\n", 2, 5,
     "this { is not closed: } is missing"},
    {"a bracket that stays open", "place: [a, b\ncluster: x\n", 1, 8, "this [ is not closed: ] is missing"},
    {"the wrong bracket", "place: {zookeeper: [a, b}\ncluster: x\n", 1, 25, "} stands where the [ of line 1 wants ]"},
    {"a bracket too many", "masters: [a]]\n", 1, 13, "] closes nothing: no bracket is open here"},
    {"a brace too many", "masters: [{name: a}}]\n", 1, 20, "} stands where the [ of line 1 wants ]"},
    {"no comma between keys", "masters: [{name: a address: b}]\n", 1, 27, "a comma or a } is missing before this"},
    {"no comma between items", "x: [{a: 1} {b: 2}]\n", 1, 12, "a comma or a ] is missing before this"},
    {"brackets in quotes and comments do not count", "a: '[{'\nb: it's # [\nc: [1, 2\nd: 1\n", 3, 4,
     "this [ is not closed"},
    {"a quote that stays open", "cluster: \"prod\nmasters: []\n", 1, 10, "this quote is not closed"},
    {"another", "cluster: 'it''s\nmasters: []\n", 1, 10, "this quote is not closed"},
    {"words behind a quote", "cluster: \"a\" b\nx: 1\n", 1, 14, "nothing may follow the end of the value here"},
    {"an at sign", "cluster: @x\n", 1, 10, "a value cannot begin with @; put it in quotes"},
    {"a backtick", "cluster: `x`\n", 1, 10, "a value cannot begin with `; put it in quotes"},
    {"a per cent", "cluster: %x\n", 1, 10, "a value cannot begin with %"},
    {"a star", "cluster: *x\n", 1, 10, "* stands for a value named with & above, and there is none"},
    {"a path of Windows", "cluster: \"a\\d\"\n", 1, 14, "a backslash in double quotes begins an escape"},
    {"an item behind a key", "cluster: - a\n", 1, 10, "a list cannot begin here"},
    {"a list in a map", "masters:\n  b: 1\n  - a\n", 3, 3, "a list item (-) among keys"},
    {"a map in a list", "masters:\n  - a\n  b: 1\n", 3, 3, "a key among the items of a list; is its - missing"},
    {"text behind a bar", "x: |foo\n  bar\n", 1, 5, "the text of | or > begins on the next line"},
    {"a merge", "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 2, 1, "a conflict of a merge is left here"},
    {"letters of two bytes before it", "größe: \"é\" b\n", 1, 12, "nothing may follow"},
};

}  // namespace

TEST_CASE("what is wrong with a text that is no YAML is said with its line and its cause", "[load]") {
  for (const WordRow& row : word_rows) {
    INFO(row.what);
    Mistakes mistakes;
    parse_yaml(row.text, "i.yml", mistakes);
    const std::vector<Mistake> told = mistakes.in_file_order();
    REQUIRE(!told.empty());
    CHECK(told[0].mark.line == row.line);
    CHECK(told[0].mark.column == row.column);
    CAPTURE(told[0].text);
    CHECK(told[0].text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("a line with a mark for each of many words is counted once", "[load]") {
  std::string text = "x: {";
  for (int i = 0; i < 20'000; ++i) text += fmt::format("{}&a{} k\xC3\xB6{}: *a{}", i == 0 ? "" : ",", i, i, i);
  const std::size_t bad = text.size();
  text +=
      ", k\xC3\xB6"
      "7: 1}\n";
  Mistakes mistakes;
  parse_yaml(text, "i.yml", mistakes);
  REQUIRE(mistakes.in_file_order().size() == 1);
  CHECK(mistakes.in_file_order()[0].mark.column == static_cast<int>(bad - 20'000 + 3));
}

TEST_CASE("quotes that are closed are not told", "[load]") {
  for (const char* text : {"a: \"x\"\n", "a: 'it''s'\n", "a: \"x \\\" y\"\n", "a: \"two\n  lines\"\n",
                           "a: '#'\nb: \"'\"\n", "\"a\": b\n", "a: [\"x\", 'y']\n", "a: \"\\\\\"\n"}) {
    INFO(text);
    Mistakes mistakes;
    parse_yaml(text, "i.yml", mistakes);
    CHECK(mistakes.in_file_order().empty());
  }
}

TEST_CASE("what is left empty has the place of its key or its dash, and not of what comes next", "[load]") {
  struct WordRow {
    const char *what, *text;
    int line, column;
  };
  for (const WordRow& row : {WordRow{"a key before another", "a:\nb: 1\n", 1, 1},
                             {"a key before a comment", "a: # c\n\nb: 1\n", 1, 1},
                             {"the last key", "a:\n", 1, 1},
                             {"a key inside", "x:\n  a:\n  b: 1\n", 2, 3},
                             {"in one line", "{a: , b: 1}\n", 1, 5},
                             {"null itself", "a: null\n", 1, 4},
                             {"null on the next line", "a:\n  ~\n", 2, 3},
                             {"a dash before another", "a:\n  -\n  - b\n", 2, 3},
                             {"a dash before a comment", "a:\n  - # c\n\n  # d\n  - b\n", 2, 3},
                             {"the last dash", "a:\n  -\nb: 1\n", 2, 3}}) {
    INFO(row.what);
    Mistakes mistakes;
    const Tree tree = parse_yaml(row.text, "i.yml", mistakes);
    const Tree* found = &tree;
    while (found->kind != Tree::Kind::null && !found->items.empty()) found = &found->items.front();
    REQUIRE(found->kind == Tree::Kind::null);
    CHECK(found->mark.line == row.line);
    CHECK(found->mark.column == row.column);
  }
}
