#include "model/action.hpp"

#include <set>
#include <string>

#include "catch.hpp"

using namespace cctl;

TEST_CASE("what actions are fits together") {
  std::set<std::string> words;
  for (int i = 0; i <= static_cast<int>(Action::put_back); ++i) {
    const ActionRow& row = about(static_cast<Action>(i));
    INFO(row.word);
    CHECK(words.insert(row.word).second);
    CHECK(row.action == static_cast<Action>(i));
    CHECK(row.gated == row.way_back);  // what is waited for can fail, and nothing else has to come back
    CHECK((!row.interrupts || row.gated));
    CHECK((!row.makes || (row.anew && row.takes_in)));
    CHECK((!row.anew || row.gated));
    CHECK((row.action == Action::none) == std::string(row.done).empty());
  }
}
