#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "model/visible.hpp"
#include "report/progress.hpp"

using namespace cctl;
using std::chrono::milliseconds;

namespace {

Step step_of(const std::string& host, Action action, const std::string& image = "") {
  Step step;
  step.wave = 1, step.host = host, step.component = "zookeeper", step.action = action, step.subject = Pull{image};
  step.reason = action == Action::pull ? "not on the host" : "zoo.cfg changed";
  return step;
}

StepReport ended(const std::string& text, milliseconds took, Outcome outcome = Outcome::done) {
  StepReport report;
  report.text = text, report.took = took, report.outcome = outcome;
  return report;
}

// A run of one pull, one restart that waits for its gate, and one step that is not begun.
std::string progress_told(const std::string& mode) {
  std::string out;
  Times times;
  times.stamp = [] { return "14:02:11"; };
  const auto progress = make_progress(
      mode, Look{}, [&](const std::string& text) { out += text; }, times);
  const Step pull = step_of("m1", Action::pull, "zookeeper:3.8.0"), restart = step_of("m1", Action::restart);
  Wave wave;
  wave.number = 1, wave.title = "zookeeper  1 at a time, leader last", wave.steps = {pull, restart};
  progress->wave_started(wave);
  progress->step_started(pull);
  progress->pulling(pull, 10'000'000, 100'000'000);
  progress->pulling(pull, 60'000'000, 100'000'000);
  progress->pulling(pull, 61'000'000, 100'000'000);
  progress->step_ended(pull, ended("pulled", milliseconds(1500)));
  progress->step_started(restart);
  progress->waiting({"m1", "zookeeper", "mode leader", "not serving", milliseconds(100), milliseconds(60000)});
  progress->waiting({"m1", "zookeeper", "mode leader", "not serving", milliseconds(300), milliseconds(60000)});
  progress->waiting({"", "zookeeper", "all ready", "2 of 3", milliseconds(300), milliseconds(60000)});
  progress->waiting({"m1", "zookeeper", "mode leader", "mode follower", milliseconds(800), milliseconds(60000)});
  progress->step_ended(restart, ended("restarted, mode leader", milliseconds(2100)));
  progress->step_ended(step_of("m2", Action::restart), ended("not begun", milliseconds(0), Outcome::skipped));
  progress->wave_ended(wave);
  progress->clear();
  return out;
}

}  // namespace

TEST_CASE("plain progress is a line per event, none of them twice") {
  CHECK(progress_told("plain") == R"(14:02:11 zookeeper  1 at a time, leader last
14:02:11   ..  m1  zookeeper:3.8.0  pull: not on the host
14:02:11   ..  m1  zookeeper:3.8.0  60.0 MB of 100 MB (60%)
14:02:11   ok  m1  zookeeper:3.8.0  pulled   1.5s
14:02:11   ..  m1  zookeeper  restart: zoo.cfg changed
14:02:11   ..  m1  zookeeper  waiting: mode leader   0.1s of 1m 00s   last seen: not serving
14:02:11   ..  m1  zookeeper  waiting: mode leader   0.8s of 1m 00s   last seen: mode follower
14:02:11   ok  m1  zookeeper  restarted, mode leader   2.1s
)");
}

TEST_CASE("what ends with the end of a line is told like any other") {
  for (const char* mode : {"plain", "tty"}) {
    std::string out;
    Times times;
    times.stamp = [] { return "14:02:11"; };
    const auto progress = make_progress(
        mode, Look{}, [&](const std::string& text) { out += text; }, times);
    progress->step_ended(step_of("m1", Action::restart),
                         ended("does not run: no such file\n\n", milliseconds(8700), Outcome::failed));
    INFO(out);
    CHECK(out.find("does not run: no such file   8.7s\n") != std::string::npos);
  }
}

TEST_CASE("no progress is nothing at all") {
  CHECK(progress_told("none").empty());
}

TEST_CASE("progress as JSON is one object a line") {
  const std::string text = progress_told("json");
  std::vector<std::string> events;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    events.push_back(nlohmann::json::parse(text.substr(start, end - start))["event"]);
    start = end + 1;
  }
  CHECK(events == std::vector<std::string>{"wave_started", "step_started", "pulling", "pulling", "pulling",
                                           "step_ended", "step_started", "waiting", "waiting", "waiting", "waiting",
                                           "step_ended", "step_ended", "wave_ended"});
}

TEST_CASE("each line of progress as JSON says when it was") {
  std::string out;
  const auto when = std::chrono::system_clock::time_point(milliseconds(1795876299042));
  const auto progress = make_json_progress([&](const std::string& text) { out += text; }, [&] { return when; });
  progress->note("observing");
  CHECK(nlohmann::json::parse(out)["time"] == "2026-11-28T14:31:39.042Z");
}

TEST_CASE("on a terminal what is finished stays and what runs is drawn over") {
  const std::string text = for_terminal(progress_told("tty"));
  CHECK(text.find("  zookeeper  1 at a time, leader last\n") == 0);
  CHECK(text.find("\x1b[1A\x1b[J    ok  m1   zookeeper:3.8.0  pulled   1.5s\n") != std::string::npos);
  CHECK(text.find("\x1b[1A\x1b[J    ok  m1   restarted, mode leader   2.1s\n") != std::string::npos);
  CHECK(text.find("not begun") == std::string::npos);
}

TEST_CASE("what is seen while waiting is told when it is news, not at every look") {
  struct Look {
    int elapsed;  // ms
    std::string seen;
    bool told;
  };
  struct Case {
    std::string name;
    std::vector<Look> looks;
  };
  const std::vector<Case> cases{
      {"two ways in which nobody answers",
       {{100, "connection refused", true},
        {200, "no answer in 2.0 s", false},
        {300, "connection refused", false},
        {400, "connection reset by peer", false},
        {500, "HTTP 404", false}}},
      {"states that take turns",
       {{100, "mode follower", true},
        {200, "connection refused", true},
        {300, "mode follower", false},
        {400, "connection refused", false}}},
      {"times and counts that go on",
       {{100, "Marathon waits 17 s more before it tries again", true},
        {1100, "Marathon waits 16 s more before it tries again", false},
        {2100, "restarted by Docker once", true},
        {3100, "restarted by Docker 2 times", false}}},
      {"numbers that are the news", {{100, "1 of 3 ready", true}, {200, "2 of 3 ready", true}}},
      {"once in a while all the same",
       {{100, "x", true}, {20000, "x", false}, {31000, "x", true}, {40000, "x", false}}},
      {"another gate of the same member", {{100, "x", true}, {50000, "x", true}, {100, "x", true}}},
  };
  for (const auto& c : cases) {
    int lines = 0;
    const auto progress = make_progress("plain", cctl::Look{}, [&](const std::string&) { ++lines; });
    for (const auto& look : c.looks) {
      lines = 0;
      progress->waiting({"m1", "zookeeper", "mode leader", look.seen, milliseconds(look.elapsed), milliseconds(90000)});
      CAPTURE(c.name, look.elapsed, look.seen);
      CHECK(lines == (look.told ? 1 : 0));
    }
  }
}

namespace {

// What stands on a terminal of so many columns after a wait was told and some seconds have gone by.
std::string drawn(int columns, const Awaited& awaited, int seconds) {
  std::string last;
  auto now = std::chrono::steady_clock::time_point() + std::chrono::hours(1);
  Times times;
  times.now = [&] { return now; };
  Look look;
  look.columns = columns;
  const auto progress = make_progress(
      "tty", look, [&](const std::string& text) { last = text; }, times);
  Wave wave;
  wave.title = "zookeeper", wave.steps = {step_of("master101", Action::restart)};
  progress->wave_started(wave);
  progress->step_started(wave.steps[0]);
  progress->waiting(awaited);
  for (int i = 0; i < seconds; ++i) {
    now += std::chrono::seconds(1);
    progress->tick();
  }
  return last;
}

}  // namespace

TEST_CASE("on a terminal the clock moves while nothing is told") {
  const Awaited a{"master101", "zookeeper", "mode leader", "not serving", milliseconds(100), milliseconds(90000)};
  CHECK(drawn(120, a, 9) == "    ..  master101   waiting: mode leader   9.1s of 1m 30s   last seen: not serving\n");
  CHECK(drawn(120, a, 200) == "    ..  master101   waiting: mode leader   1m 30s of 1m 30s   last seen: not serving\n");
}

TEST_CASE("on a narrow terminal host, clock and the ends of what is wanted and seen stay") {
  const Awaited a{"master101",
                  "zookeeper",
                  "srvr: mode leader or follower or standalone",
                  "srvr: connection refused; container restarting, last exit code 1",
                  milliseconds(4000),
                  milliseconds(90000)};
  for (const int columns : {60, 72, 80, 100, 132}) {
    const std::string line = drawn(columns, a, 1);
    CAPTURE(columns, line);
    CHECK(line.find('\n') < static_cast<std::size_t>(columns));
    CHECK(line.find("master101   waiting: srvr") != std::string::npos);
    CHECK(line.find("5.0s of 1m 30s") != std::string::npos);
    if (columns >= 100) CHECK(line.ends_with("code 1\n"));
  }
  CHECK(drawn(200, a, 1).find("last exit code 1\n") != std::string::npos);
}
