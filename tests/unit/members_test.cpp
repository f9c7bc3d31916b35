#include "plan/members.hpp"

#include "catch.hpp"

using namespace cctl;

using Changes = std::vector<std::string>;

TEST_CASE("what changes about the members of an ensemble", "[members]") {
  const Members three = {{"m1", "1@10.0.0.1"}, {"m2", "2@10.0.0.2"}, {"m3", "3@10.0.0.3"}};
  struct Row {
    Members after;
    Changes changes;
  };
  const Row rows[] = {
      {three, {}},
      {{{"m1", "1@10.0.0.1"}}, {"m2 leaves", "m3 leaves"}},
      {{{"m1", "1@10.0.0.1"}, {"m2", "2@10.0.0.2"}, {"m4", "3@10.0.0.4"}}, {"m3 leaves", "m4 joins"}},
      {{{"m1", "1@10.0.0.1"}, {"m2", "77@10.0.0.2"}, {"m3", "3@10.0.0.3"}}, {"m2 changes its id from 2 to 77"}},
      {{{"m1", "1@10.0.0.1"}, {"m2", "2@10.0.0.3"}, {"m3", "3@10.0.0.2"}},
       {"m2 moves from 10.0.0.2 to 10.0.0.3", "m3 moves from 10.0.0.3 to 10.0.0.2"}},
  };
  for (const Row& row : rows) CHECK(member_changes(three, row.after) == row.changes);
  CHECK(member_changes({}, {{"m1", "0@10.0.0.1"}}) == Changes{"m1 joins"});
}
