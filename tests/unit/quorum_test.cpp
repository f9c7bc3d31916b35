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

TEST_CASE("the turns of a whole wave", "[quorum]") {
  const Member serving{"", true, false, true}, idle{"", false, false, true};
  const auto members = [](std::vector<Member> all) {
    for (std::size_t i = 0; i < all.size(); ++i) all[i].host = std::string(1, static_cast<char>('a' + i));
    return all;
  };
  auto left_out = serving;
  left_out.pending = false;
  auto lost = left_out;
  lost.serving = false;
  auto empty = idle;
  empty.empty = true;
  struct Row {
    const char* what;
    std::vector<Member> members;
    std::map<std::string, int> others;
    const char* refused;
  };
  for (const Row& row : {
           Row{"all serve", members({serving, serving, serving}), {{"a", 2}, {"b", 2}, {"c", 2}}, ""},
           Row{"one does not, and is mended first",
               members({serving, idle, serving}),
               {{"a", 2}, {"b", 2}, {"c", 2}},
               ""},
           Row{"one is left out and serves", members({serving, serving, left_out}), {{"a", 2}, {"b", 2}}, ""},
           Row{"one is left out and does not",
               members({serving, serving, lost}),
               {{"a", 1}, {"b", 1}},
               "stopping a would leave 1 of 3 healthy, 2 are needed (not healthy now: c)"},
           Row{"two of five are out",
               members({serving, serving, serving, lost, lost}),
               {{"a", 2}, {"b", 2}, {"c", 2}},
               "stopping a would leave 2 of 5 healthy, 3 are needed (not healthy now: d, e)"},
           Row{"one of five is",
               members({serving, serving, serving, serving, lost}),
               {{"a", 3}, {"b", 3}, {"c", 3}, {"d", 3}},
               ""},
           Row{"one that is mended stands for the next",
               members({idle, serving, lost}),
               {{"a", 1}, {"b", 1}},
               "stopping b would leave 1 of 3 healthy, 2 are needed (not healthy now: c)"},
           Row{"one that starts empty beside a majority", members({empty, left_out, left_out}), {{"a", 2}}, ""},
           Row{"and beside none",
               members({empty, left_out, lost}),
               {{"a", 1}},
               "a has no data and would start beside 1 of 3 healthy, 2 are needed (not healthy now: c)"},
           Row{"two change regardless", members({serving, lost}), {{"a", 0}}, ""},
           Row{"nobody is pending", members({left_out, lost, lost}), {}, ""},
       }) {
    INFO(row.what);
    const Turns turns = all_turns(row.members, true);
    CHECK(turns.others_serve == row.others);
    CHECK(turns.refused == row.refused);
  }
  CHECK(all_turns(members({serving, serving, lost}), false).refused.empty());
}

TEST_CASE("what is left of an ensemble, in words", "[quorum]") {
  CHECK(left_in_words(2, 3) == "2 of 3, can lose 0 more");
  CHECK(left_in_words(4, 5) == "4 of 5, can lose 1 more");
  CHECK(left_in_words(1, 3) == "1 of 3, 2 are needed");
  CHECK(left_in_words(0, 5) == "0 of 5, 3 are needed");
}

TEST_CASE("what a part that goes down leaves", "[quorum]") {
  const Leaver stays{"", true, true, true, false}, goes{"", true, true, true, true}, idle{"", true, true, false, false},
      idle_goes{"", true, true, false, true}, none{"", true, false, false, false},
      unseen{"", false, false, false, false};
  struct Row {
    const char* what;
    std::vector<Leaver> members;
    const char* note;
    const char* refused;
  };
  for (Row row : {
           Row{"nobody goes", {stays, stays, stays}, "", ""},
           Row{"the first of three", {goes, stays, stays}, "2 of 3 left, can lose 0", ""},
           Row{"two of three",
               {goes, goes, stays},
               "1 of 3 left, 2 are needed",
               "without a, b 1 of 3 would be left, 2 are needed"},
           Row{"all", {goes, goes, goes}, "", ""},
           Row{"the second, after the first was taken away",
               {none, goes, stays},
               "1 of 3 left, 2 are needed",
               "without b 1 of 3 would be left, 2 are needed (not running: a)"},
           Row{"the last, after the others were", {none, none, goes}, "", ""},
           Row{"one while another does not run",
               {goes, idle, stays},
               "1 of 3 left, 2 are needed",
               "without a 1 of 3 would be left, 2 are needed (not running: b)"},
           Row{"the one that does not run", {idle_goes, stays, stays}, "2 of 3 left, can lose 0", ""},
           Row{"those that do not run, without a majority", {idle_goes, idle, stays}, "1 of 3 left, 2 are needed", ""},
           Row{"one while another cannot be seen",
               {goes, unseen, stays},
               "1 of 3 left, 2 are needed",
               "without a 1 of 3 would be left, 2 are needed (not seen: b)"},
           Row{"one while two cannot be seen: they may run",
               {goes, unseen, unseen},
               "0 of 3 left, 2 are needed",
               "without a 0 of 3 would be left, 2 are needed (not seen: b, c)"},
           Row{"all that can be seen, and the rest is no majority",
               {goes, goes, unseen},
               "0 of 3 left, 2 are needed (not seen, and left: c)",
               ""},
           Row{"all that can be seen of five",
               {goes, goes, goes, unseen, unseen},
               "0 of 5 left, 3 are needed (not seen, and left: d, e)",
               ""},
           Row{"no majority was there, and nobody knows better", {goes, idle, idle}, "0 of 3 left, 2 are needed", ""},
           Row{"one of five", {goes, stays, stays, stays, stays}, "4 of 5 left, can lose 1", ""},
           Row{"two of five", {goes, goes, stays, stays, stays}, "3 of 5 left, can lose 0", ""},
           Row{"three of five",
               {goes, goes, goes, stays, stays},
               "2 of 5 left, 3 are needed",
               "without a, b, c 2 of 5 would be left, 3 are needed"},
           Row{"one of two",
               {goes, stays},
               "1 of 2 left, 2 are needed",
               "without a 1 of 2 would be left, 2 are needed"},
           Row{"the only one", {goes}, "", ""},
       }) {
    INFO(row.what);
    for (std::size_t i = 0; i < row.members.size(); ++i)
      row.members[i].host = std::string(1, static_cast<char>('a' + i));
    const Rest rest = rest_of(row.members);
    CHECK(rest.note == row.note);
    CHECK(rest.refused == row.refused);
  }
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
