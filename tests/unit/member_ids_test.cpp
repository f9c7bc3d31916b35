#include "plan/member_ids.hpp"

#include "catch.hpp"

using namespace cctl;
using Ids = std::map<std::string, int>;

TEST_CASE("fresh members count from the lowest id in the inventory's order", "[ids]") {
  CHECK(assign_member_ids({"b", "a", "c"}, {}, 1, 255).ids == Ids{{"b", 1}, {"a", 2}, {"c", 3}});
  CHECK(assign_member_ids({}, {}, 1, 255).ids.empty());
}

TEST_CASE("ids on disks win over the order of the inventory", "[ids]") {
  CHECK(assign_member_ids({"new", "old1", "old2"}, {{"old1", "1\n"}, {"old2", " 3 "}}, 1, 255).ids ==
        Ids{{"new", 2}, {"old1", 1}, {"old2", 3}});
}

TEST_CASE("ids that cannot be are told", "[ids]") {
  CHECK(assign_member_ids({"a", "b"}, {{"a", "2"}, {"b", "2"}}, 1, 255).problems ==
        std::vector<std::string>{"id 2 is on the disks of both \"a\" and \"b\""});
  for (const char* bad : {"0", "256", "two", "", "1 2", "-1"}) {
    INFO(bad);
    CHECK(assign_member_ids({"a"}, {{"a", bad}}, 1, 255).problems ==
          std::vector<std::string>{"the id on the disk of \"a\" is not a number from 1 to 255"});
  }
  CHECK(assign_member_ids({"a", "b"}, {}, 1, 1).problems ==
        std::vector<std::string>{"no id is left for \"b\" (at most 1)"});
}
