// One look at an app: what it tells of whether its tasks run on.
#include "plan/app_pulse.hpp"

#include "catch.hpp"
#include "kind.hpp"
#include "plan/app_state.hpp"
#include "plan/app_watch.hpp"
#include "plan/moment.hpp"

using namespace cctl;
using Kind = AppPulse::Kind;

namespace {

constexpr double kNow = 1000;
const std::string kOld = "2026-11-21T10:00:00.000Z", kNew = "2026-11-21T10:14:14.159Z";

struct PulseRow {
  const char* what;
  int instances, running;
  std::vector<std::optional<double>> ages;  // of the tasks that run, in seconds; nothing: Marathon does not say
  std::optional<double> failed;             // seconds ago; nothing: none has
  Kind kind;
  std::string version = kNew;  // of the failure
  bool checked = false, says_when = true, has_clock = true, deploying = false;
};

AppState state(const PulseRow& row) {
  AppState app;
  app.changed = app.version = kNew;
  app.instances = row.instances;
  app.running = row.running;
  app.checked = row.checked;
  if (row.has_clock) app.now = kNow;
  if (row.deploying) app.version = "1970-01-01T00:15:00.000Z", app.deployments = {"d"};  // it began 100 s ago
  for (const auto& age : row.ages)
    app.tasks.push_back({"t", "TASK_RUNNING", kNew, age ? std::optional(kNow - *age) : std::nullopt});
  if (!row.failed) return app;
  app.failure = {"f", row.version, "s1", "S0", "TASK_FAILED", "exit 3", std::nullopt};
  if (row.says_when) app.failure.when = kNow - *row.failed;
  return app;
}

}  // namespace

TEST_CASE("an app whose newest failure is younger than its tasks are steady restarts", "[app]") {
  const std::optional<double> none, unknown;
  for (const PulseRow& row : {
           PulseRow{"nothing has ever failed", 1, 1, {2}, none, Kind::steady},
           PulseRow{"between two crashes", 1, 1, {2}, 3, Kind::restarting},
           PulseRow{"14 s after the first crash", 1, 1, {14}, 15, Kind::restarting},
           PulseRow{"15 s after the first crash", 1, 1, {15}, 16, Kind::steady},
           PulseRow{"20 s after a delay of 15 s: others came before it", 1, 1, {20}, 35, Kind::restarting},
           PulseRow{"30 s after a delay of 15 s", 1, 1, {30}, 45, Kind::steady},
           PulseRow{"50 s after a delay of an hour", 1, 1, {50}, 3650, Kind::restarting},
           PulseRow{"60 s after a delay of an hour", 1, 1, {60}, 3660, Kind::steady},
           PulseRow{"none runs, and the last has failed", 1, 0, {}, 3, Kind::restarting},
           PulseRow{"none runs, and the last failed long ago", 1, 0, {}, 3000, Kind::restarting},
           PulseRow{"none runs, none has failed", 1, 0, {}, none, Kind::steady},
           PulseRow{"a failure of an older definition", 1, 1, {2}, 3, Kind::steady, kOld},
           PulseRow{"one of two crashes", 2, 2, {900, 2}, 3, Kind::restarting},
           PulseRow{"both ran before it: it was one too many", 2, 2, {900, 800}, 3, Kind::steady},
           PulseRow{"health checks tell of those that have them", 1, 1, {2}, 3, Kind::steady, kNew, true},
           PulseRow{"checked, and none runs", 1, 0, {}, 3, Kind::restarting, kNew, true},
           PulseRow{"none is wanted", 0, 0, {}, 3, Kind::steady},
           PulseRow{"it does not say when it failed", 1, 1, {2}, 3, Kind::unsure, kNew, false, false},
           PulseRow{"it does not say what time it has", 1, 1, {2}, 3, Kind::unsure, kNew, false, true, false},
           PulseRow{"it does not say since when a task runs", 1, 1, {unknown}, 3, Kind::unsure},
           PulseRow{"nor that, long after the failure", 1, 1, {unknown}, 61, Kind::steady},
           PulseRow{"tasks are not told at all", 2, 2, {}, 3, Kind::unsure},
           PulseRow{"a deployment brings more, long after a failure",
                    3,
                    1,
                    {900},
                    500,
                    Kind::steady,
                    kNew,
                    false,
                    true,
                    true,
                    true},
           PulseRow{"a deployment does not get there, for its tasks fail",
                    3,
                    1,
                    {900},
                    50,
                    Kind::restarting,
                    kNew,
                    false,
                    true,
                    true,
                    true},
       }) {
    INFO(row.what);
    const AppPulse pulse = app_pulse(state(row));
    CHECK(pulse.kind == row.kind);
    if (row.kind != Kind::steady) CHECK_FALSE(pulse.reason.empty());
    if (row.kind == Kind::restarting) CHECK(pulse.reason == "its last task ended on s1 with TASK_FAILED: exit 3");
    // The gate goes by the same.
    AppWatch watch(std::chrono::milliseconds(300000));
    AppState app = state(row);
    watch.look(app, std::chrono::milliseconds(0));
    watch.look(app, std::chrono::milliseconds(5000));
    if (row.kind == Kind::restarting && !row.checked) CHECK_FALSE(watch.runs_on());
  }
}

TEST_CASE("an app that nothing checks is believed once its youngest task has run for a while", "[app]") {
  const std::optional<double> none, unknown;
  struct Age {
    const char* what;
    int instances;
    std::vector<std::optional<double>> ages;
    double rest;
    bool checked = false, has_clock = true;
  };
  for (const Age& row : {
           Age{"begun just now", 1, {0}, 15},
           Age{"the death of sleep 12 is yet to come", 1, {11}, 4},
           Age{"that of sleep 8 would have come", 1, {15}, 0},
           Age{"the youngest counts", 3, {900, 5, 20}, 10},
           Age{"checks tell of those that have them", 1, {1}, 0, true},
           Age{"none is wanted", 0, {}, 0},
           Age{"none runs, which is told otherwise", 1, {}, 0},
           Age{"it does not say since when one runs", 2, {3, unknown}, 0},
           Age{"it does not say what time it has", 1, {3}, 0, false, false},
       }) {
    INFO(row.what);
    PulseRow as{row.what, row.instances, static_cast<int>(row.ages.size()), row.ages, none, Kind::steady};
    as.checked = row.checked, as.has_clock = row.has_clock;
    CHECK(still_to_run(state(as)) == row.rest);
  }
}

TEST_CASE("of an app that runs the last failure is told for an hour", "[app]") {
  for (const auto& [ago, told] : std::vector<std::pair<double, std::string>>{
           {100, "its last task ended on s1 with TASK_FAILED: exit 3, 100 s ago"}, {3601, ""}}) {
    const AppPulse pulse = app_pulse(state({"", 1, 1, {90}, ago, Kind::steady}));
    CHECK(pulse.kind == Kind::steady);
    CHECK(pulse.reason == told);
  }
}

TEST_CASE("what does not run on is not ready, and of what is not known nobody knows", "[app]") {
  Desired desired;
  Instance web;
  web.host = "a", web.component = "/web", test::as<AppSpec>(web).id = "/web";
  desired.instances = {web};
  struct Held {
    Kind kind;
    bool ready, becomes_ready, known;
    const char* seen;
  };
  for (const Held& row :
       {Held{Kind::steady, true, true, true, "tasks: running 1"}, Held{Kind::restarting, true, false, true, "why"},
        Held{Kind::restarting, false, false, true, "tasks: running 1; why"},
        Held{Kind::unsure, true, false, false, "why"}, Held{Kind::unsure, false, false, true, "tasks: running 1"}}) {
    Observed observed;
    observed.hosts["a"].apps["/web"].pulse = {row.kind, "why"};
    std::vector<InstanceHealth> all(1);
    all[0].host = "a", all[0].component = "/web", all[0].ready = row.ready, all[0].seen = "tasks: running 1";
    hold_against_pulses(all, desired, observed);
    CHECK(all[0].ready == row.becomes_ready);
    CHECK(all[0].known == row.known);
    CHECK(all[0].seen == row.seen);
  }
}

TEST_CASE("Marathon's answer tells since when tasks run, when one failed, and what time it has", "[app]") {
  Answer answer;
  answer.headers["date"] = "Sat, 21 Nov 2026 10:14:20 GMT";
  answer.body =
      R"({"app":{"instances":1,"tasksRunning":1,"tasks":[{"id":"t","startedAt":"2026-11-21T10:14:18.500Z"}],)"
      R"("lastTaskFailure":{"taskId":"f","timestamp":"2026-11-21T10:14:17.500Z","host":"s1","state":"TASK_FAILED"}}})";
  const AppState app = app_state(answer);
  REQUIRE(app.now);
  REQUIRE(app.failure.when);
  REQUIRE(app.tasks.at(0).started);
  CHECK(*app.now - *app.failure.when == 2.5);
  CHECK(*app.now - *app.tasks[0].started == 1.5);
  CHECK(app_pulse(app).kind == Kind::restarting);
}

TEST_CASE("times as others write them", "[app]") {
  CHECK(moment_of("1970-01-01T00:00:01.250Z") == 1.25);
  CHECK(moment_of("1970-01-02T00:00:00Z") == 86400.0);
  CHECK(moment_of("Thu, 01 Jan 1970 00:01:00 GMT") == 60.0);
  for (const char* odd : {"", "d1001", "1970-01-01", "1970-01-01T00:00:01", "1970-01-01T00:00:01+02:00",
                          "1970-01-01T00:00:01.Z", "1970-01-01T00:00:01.x5Z", "Thu, 01 Jan 1970 00:01:00 CET", "now"}) {
    INFO(odd);
    CHECK_FALSE(moment_of(odd));
  }
}
