#include "plan/file_words.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("why a file is written", "[diff]") {
  FileChange change;
  change.wanted.path = "/etc/zoo.cfg";
  change.wanted.content = change.before = "x";
  change.before_mode = change.wanted.mode = "0644";
  change.before_owner = change.wanted.owner = "0:0";
  change.exists = true;
  struct Row {
    void (*spoil)(FileChange&);
    const char* words;
  };
  const Row rows[] = {
      {[](FileChange& f) { f.exists = false; }, "zoo.cfg is new"},
      {[](FileChange& f) { f.before = "y"; }, "zoo.cfg changed"},
      {[](FileChange& f) { f.before = "y", f.before_mode = "0600"; }, "zoo.cfg changed"},
      {[](FileChange& f) { f.before_mode = "0600"; }, "zoo.cfg mode 0600 -> 0644"},
      {[](FileChange& f) { f.before_owner = "1:1"; }, "zoo.cfg owner 1:1 -> 0:0"},
      {[](FileChange& f) { f.before_mode = "0600", f.before_owner = "1:1"; },
       "zoo.cfg mode 0600 -> 0644, owner 1:1 -> 0:0"},
      {[](FileChange& f) { f.write = false; }, "zoo.cfg changed, not yet read"},
      {[](FileChange& f) { f.gone = true; }, "zoo.cfg is no longer wanted"},
  };
  for (const Row& row : rows) {
    FileChange f = change;
    row.spoil(f);
    CHECK(file_reason({f}) == row.words);
  }
}
