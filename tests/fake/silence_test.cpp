// A host that falls silent in the middle of a step: nobody knows how far it came, and the next run finds out.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

const std::string kWhy = "d has not answered for 60 s";

// From the first operation that begins so, once there was another, nothing of the host is answered any more.
struct FallsSilent {
  std::string from, after = {};
  bool silent = false;

  void operator()(const std::string& operation) {
    silent = silent || (after.empty() && operation.rfind(from, 0) == 0);
    if (operation.rfind(after, 0) == 0) after.clear();
    const auto host = operation.find(" d");
    const bool of_it = host != std::string::npos && (host + 2 == operation.size() || operation[host + 2] == ' ');
    if (silent && of_it) throw Unreachable(kWhy);
  }
};

}  // namespace

TEST_CASE_METHOD(Running, "what a silent host has under way is told as unknown, and is gone on with") {
  struct Row {
    const char* from;  // of the first operation that has no answer
    int exit;
    const char* state;
    const char* after = "";
  };
  const char* const unknown = "what is under way there may still be done";
  const auto row =
      GENERATE_COPY(values({Row{"stop d", 6, unknown}, Row{"rename d", 6, unknown}, Row{"create d", 6, unknown},
                            Row{"start d", 6, unknown}, Row{"put d", 6, unknown},
                            Row{"probe d", 3, "nothing was changed"},  // nobody could have told how it is afterwards
                            Row{"probe d", 6, "left as it is, with what it replaced kept beside it", "start d"}}));
  CAPTURE(row.from);
  Wish changed = wish;
  changed.app_version = "2.0";
  changed.app_config = "two";
  w.on_operation = FallsSilent{row.from, row.after};
  const Ended ended = up(w, changed);
  CHECK(ended.exit == row.exit);
  const auto failed = std::find_if(ended.report.failures.begin(), ended.report.failures.end(),
                                   [](const Failure& f) { return f.host == "d"; });
  REQUIRE(failed != ended.report.failures.end());
  CHECK(failed->state == row.state);
  CHECK_THAT(failed->saw, Catch::Matchers::Contains(kWhy));
  if (row.state == unknown)
    CHECK(failed->next == "bring d back, look with clusterctl status, then clusterctl up again goes on");
  // The other host has its change, or waits for the next run; nobody was put back for the sake of one who is silent.
  w.on_operation = {};
  CHECK(up(w, changed).exit == 0);
  CHECK(all_serve(w, desired(changed)));
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "what others had done at once has not taken as long as the silence of one") {
  Wish changed = wish;
  changed.app_version = "2.0";
  w.takes = [](const std::string& operation) {
    return std::chrono::seconds(operation.rfind("create e", 0) == 0 ? 60 : 0);
  };
  w.on_operation = [&](const std::string& operation) {
    if (operation.rfind("create e", 0) == 0) throw Unreachable("e has not answered for 60 s");
  };
  const Ended ended = up(w, changed);
  CHECK(ended.exit == 6);
  std::map<std::string, std::chrono::milliseconds> took;
  for (const StepReport& step : ended.report.steps)
    if (step.component == "app") took[step.host] = std::max(took[step.host], step.took);
  REQUIRE(took.count("d") == 1);
  REQUIRE(took.count("e") == 1);
  CHECK(took["d"] < std::chrono::seconds(30));
  CHECK(took["e"] >= std::chrono::seconds(60));
}

TEST_CASE_METHOD(Running, "a silent host that goes down is told so, and goes down later") {
  w.guarded = false;
  w.on_operation = FallsSilent{"stop d"};
  RunOptions down;
  down.down = true;
  const Ended ended = run(w, desired(wish), down);
  CHECK(ended.exit == 6);
  const auto failed = std::find_if(ended.report.failures.begin(), ended.report.failures.end(),
                                   [](const Failure& f) { return f.host == "d"; });
  REQUIRE(failed != ended.report.failures.end());
  CHECK(failed->next == "bring d back, look with clusterctl status, then clusterctl down again goes on");
  w.on_operation = {};
  CHECK(run(w, desired(wish), down).exit == 0);
}

TEST_CASE_METHOD(Running, "a host that falls silent between the answer and the change is named with the way on") {
  Wish changed = wish;
  changed.app_version = "2.0";
  const std::string before = snapshot(w);
  for (const bool both : {false, true}) {
    CAPTURE(both);
    std::map<std::string, int> asked;
    w.on_operation = [&](const std::string& operation) {
      const bool of_them = operation == "observe d" || (both && operation == "observe e");
      if (of_them && ++asked[operation] > 1) throw Unreachable(kWhy);
    };
    const Ended ended = up(w, changed);
    CHECK(ended.exit == 4);
    CHECK_THAT(ended.error, Catch::Matchers::StartsWith("d is unreachable: " + kWhy + "\n"));
    CHECK_THAT(ended.error, Catch::Matchers::Contains("nothing was changed; next: bring " +
                                                      std::string(both ? "them" : "it") + " back, or go on without"));
    CHECK((ended.error.find("e is unreachable") != std::string::npos) == both);
    w.on_operation = {};
    CHECK(snapshot(w) == before);
  }
}
