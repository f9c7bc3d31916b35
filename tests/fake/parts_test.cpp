// Which part of a leg is done before the rest is known.
#include "run/parts.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

struct PartRow {
  const char* what;
  std::vector<std::string> waves;  // "pull a" "service a" "change b", one step each
  std::string first;               // what is pulled first
  std::string left;                // what is left of the same plan afterwards
};

Leg leg_of(const std::vector<std::string>& waves) {
  Leg out;
  for (const std::string& text : waves) {
    Step step;
    step.host = text.substr(text.find(' ') + 1);
    step.subject = Pull{"app:1"};
    step.action = text.starts_with("pull") ? Action::pull : Action::restart;
    step.component = text;
    Wave wave;
    wave.steps = {step};
    out.waves.push_back(wave);
  }
  return out;
}

std::string in_words(const Leg& leg) {
  std::string out;
  for (const Wave& wave : leg.waves) out += (out.empty() ? "" : ", ") + wave.steps.front().component;
  return out;
}

}  // namespace

TEST_CASE("an image that is there is fetched before it is known whom that concerns", "[run]") {
  Observed observed;
  observed.hosts["has"].images = {"app:1"};
  observed.hosts["lacks"].images = {};
  for (const PartRow& row : {
           PartRow{"nothing is pulled", {"change has"}, "", "change has"},
           PartRow{"it is on no host", {"pull lacks", "change lacks"}, "", "change lacks"},
           PartRow{"it is there, and asked for again", {"pull has", "change has"}, "pull has", "change has"},
           PartRow{"all are fetched at once",
                   {"pull lacks", "pull has", "change has"},
                   "pull lacks, pull has",
                   "change has"},
           // An engine with another store begins with nothing: what is there now says nothing of it.
           PartRow{"the engine gets another store first",
                   {"service has", "pull has", "change has"},
                   "",
                   "service has, pull has, change has"},
           PartRow{"one of two engines does",
                   {"pull has", "service has", "pull has", "change has"},
                   "pull has",
                   "service has, pull has, change has"},
           PartRow{"a host that was not seen", {"pull gone", "change has"}, "", "change has"},
       }) {
    INFO(row.what);
    const Leg leg = leg_of(row.waves);
    CHECK(in_words(pulls_first(leg, observed)) == row.first);
    CHECK(in_words(without_first_pulls(leg)) == row.left);
  }
}

TEST_CASE("a limit of time stands in the place of every wave's", "[run]") {
  Plan plan;
  plan.legs = {leg_of({"change a", "change b"}), leg_of({"change c"})};
  const auto own = plan.first().waves[0].timeout;
  limit_waits(plan, std::chrono::milliseconds(0));
  CHECK(plan.first().waves[0].timeout == own);
  limit_waits(plan, std::chrono::milliseconds(1500));
  for (const Leg& leg : plan.legs)
    for (const Wave& wave : leg.waves) CHECK(wave.timeout == std::chrono::seconds(2));
}
