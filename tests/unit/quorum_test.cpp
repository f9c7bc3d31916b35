#include "plan/quorum.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("majority and what may be lost", "[quorum]") {
  struct Row {
    int n, healthy, majority, tolerates;
  };
  for (const auto& r :
       {Row{0, 0, 0, 0}, Row{1, 1, 1, 0}, Row{2, 2, 2, 0}, Row{3, 3, 2, 1}, Row{3, 2, 2, 0}, Row{3, 1, 2, 0},
        Row{4, 4, 3, 1}, Row{5, 5, 3, 2}, Row{5, 4, 3, 1}, Row{100, 100, 51, 49}, Row{100, 51, 51, 0}}) {
    INFO(r.n << " members, " << r.healthy << " healthy");
    CHECK(majority(r.n) == r.majority);
    CHECK(tolerates(r.n, r.healthy) == r.tolerates);
  }
}

TEST_CASE("whose turn it is", "[quorum]") {
  auto m = [](const char* host, bool serving, bool leader, bool pending) {
    return Member{host, serving, leader, pending};
  };
  SECTION("nobody pending") {
    const auto t = next_turn({m("a", true, true, false)}, true, true);
    CHECK(t.host.empty());
    CHECK(t.refused.empty());
  }
  SECTION("followers before the leader") {
    CHECK(
        next_turn({m("a", true, true, true), m("b", true, false, true), m("c", true, false, true)}, true, true).host ==
        "b");
    CHECK(next_turn({m("a", true, true, true), m("b", true, false, false), m("c", true, false, false)}, true, true)
              .host == "a");
  }
  SECTION("without leader_last the order is kept") {
    CHECK(next_turn({m("a", true, true, true), m("b", true, false, true), m("c", true, false, false)}, true, false)
              .host == "a");
  }
  SECTION("a member that does not serve is repaired first, and never refused") {
    CHECK(
        next_turn({m("a", true, true, true), m("b", true, false, true), m("c", false, false, true)}, true, true).host ==
        "c");
    CHECK(next_turn({m("a", false, false, true), m("b", false, false, true), m("c", false, false, true)}, true, true)
              .host == "a");
  }
  SECTION("refused when the others are no majority") {
    const auto t =
        next_turn({m("a", true, true, true), m("b", true, false, true), m("c", false, false, false)}, true, true);
    CHECK(t.host.empty());
    CHECK(t.refused == "stopping b would leave 1 of 3 healthy, 2 are needed (not healthy now: c)");
  }
  SECTION("one that starts empty comes after repairs and before stops, beside a majority") {
    const Member empty{"c", false, false, true, true};
    CHECK(next_turn({m("a", true, true, true), m("b", true, false, true), empty}, true, true).host == "c");
    CHECK(next_turn({m("a", true, true, false), m("b", false, false, true), empty}, true, true).host == "b");
    const auto t = next_turn({m("a", true, true, false), m("b", false, false, false), empty}, true, true);
    CHECK(t.host.empty());
    CHECK(t.refused == "c has no data and would start beside 1 of 3 healthy, 2 are needed (not healthy now: b)");
  }
  SECTION("five members bear one that is down") {
    const auto t = next_turn({m("a", true, true, true), m("b", true, false, true), m("c", false, false, false),
                              m("d", true, false, true), m("e", true, false, true)},
                             true, true);
    CHECK(t.host == "b");
  }
  SECTION("one or two members change regardless") {
    CHECK(next_turn({m("a", true, true, true)}, true, true).host == "a");
    CHECK(next_turn({m("a", true, true, true), m("b", true, false, true)}, true, true).host == "b");
  }
  SECTION("without quorum nothing is refused") {
    CHECK(next_turn({m("a", true, false, true), m("b", false, false, false), m("c", false, false, false)}, false, false)
              .host == "a");
  }
}

// Every state of ensembles up to seven: a granted stop of a serving member always leaves a serving majority.
TEST_CASE("a granted turn never breaks a quorum", "[quorum]") {
  int granted = 0, refused = 0;
  for (int n = 3; n <= 7; ++n)
    for (int serving = 0; serving < (1 << n); ++serving)
      for (int leader = 0; leader < n; ++leader) {
        std::vector<Member> members;
        for (int i = 0; i < n; ++i)
          members.push_back({"h" + std::to_string(i), ((serving >> i) & 1) != 0, i == leader, true});
        const auto turn = next_turn(members, true, true);
        int others = 0;
        bool was_serving = false;
        for (const auto& m : members) {
          if (m.host == turn.host)
            was_serving = m.serving;
          else
            others += m.serving;
        }
        if (turn.host.empty()) {
          ++refused;
          REQUIRE_FALSE(turn.refused.empty());
        } else {
          ++granted;
          if (was_serving) REQUIRE(others >= majority(n));
        }
      }
  CHECK(granted > 0);
  CHECK(refused == 0);  // someone down is always pending here, so repairing goes first
}

TEST_CASE("a member that could not be asked may serve, and may not", "[quorum]") {
  // One letter per member: s serves, x does not, ? could not be asked; capitals are pending.
  const auto turn = [](const std::string& letters) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const char c = letters[i];
      Member m;
      m.host = "h" + std::to_string(i);
      m.serving = c == 's' || c == 'S';
      m.pending = c == 'S' || c == 'X' || c == '!';
      m.known = c != '?' && c != '!';
      members.push_back(m);
    }
    const auto t = next_turn(members, true, false);
    return t.refused.empty() ? t.host : t.refused;
  };
  CHECK(turn("ssS") == "h2");
  CHECK(turn("s?S") ==
        "stopping h2 would leave 1 of 3 healthy, 2 are needed (not healthy now: h1, which could not be asked)");
  CHECK(turn("ss!") == "h2");  // it may serve: the others are a majority without it
  CHECK(turn("sx!") == "stopping h2 would leave 1 of 3 healthy, 2 are needed (not healthy now: h1)");
  CHECK(turn("sxX") == "h2");  // it does not serve: repairing it can only help
  CHECK(turn("s!X") == "h2");  // what is broken goes before what may serve
  CHECK(turn("sss!?") == "h3");
}
