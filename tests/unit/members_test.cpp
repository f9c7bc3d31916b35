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

TEST_CASE("an ensemble's ports are part of it", "[members]") {
  const Members before = {{"m1", "1@10.0.0.1 client:2181 peer:2888"}, {"m2", "2@10.0.0.2 client:2181 peer:2888"}};
  const Members after = {{"m1", "1@10.0.0.1 client:2182 peer:2888"}, {"m2", "2@10.0.0.9 client:2181 peer:2889"}};
  CHECK(member_changes(before, after) == Changes{"m1 changes its port client from 2181 to 2182",
                                                 "m2 moves from 10.0.0.2 to 10.0.0.9",
                                                 "m2 changes its port peer from 2888 to 2889"});
  // Written down before ports were, or by a version of the component that had fewer.
  CHECK(member_changes({{"m1", "1@10.0.0.1"}}, {{"m1", "1@10.0.0.1 client:2182"}}).empty());
  CHECK(member_changes({{"m1", "1@10.0.0.1 client:2182"}}, {{"m1", "1@10.0.0.1"}}).empty());
}
