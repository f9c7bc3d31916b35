#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/progress.hpp"

using namespace cctl;
using std::chrono::milliseconds;

namespace {

Step step_of(const std::string& host, Action action, const std::string& image = "") {
  Step step;
  step.wave = 1, step.host = host, step.component = "zookeeper", step.action = action, step.image = image;
  step.reason = action == Action::pull ? "not on the host" : "zoo.cfg changed";
  return step;
}

StepReport ended(const std::string& text, milliseconds took, Outcome outcome = Outcome::done) {
  StepReport report;
  report.text = text, report.took = took, report.outcome = outcome;
  return report;
}

// A run of one pull, one restart that waits for its gate, and one step that is not begun.
std::string told(const std::string& mode) {
  std::string out;
  const auto progress = make_progress(mode, Look{}, [&](const std::string& text) { out += text; });
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
  CHECK(told("plain") == R"(zookeeper  1 at a time, leader last
  ..  m1  zookeeper:3.8.0  pull: not on the host
  ..  m1  zookeeper:3.8.0  60.0 MB of 100 MB (60%)
  ok  m1  zookeeper:3.8.0  pulled   1.5s
  ..  m1  zookeeper  restart: zoo.cfg changed
  ..  m1  zookeeper  waiting: mode leader   0.1s of 1m 00s   last seen: not serving
  ..  m1  zookeeper  waiting: mode leader   0.8s of 1m 00s   last seen: mode follower
  ok  m1  zookeeper  restarted, mode leader   2.1s
)");
}

TEST_CASE("no progress is nothing at all") {
  CHECK(told("none").empty());
}

TEST_CASE("progress as JSON is one object a line") {
  const std::string text = told("json");
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
  const std::string text = told("tty");
  CHECK(text.find("  zookeeper  1 at a time, leader last\n") == 0);
  CHECK(text.find("\x1b[1A\x1b[J    ok  m1   zookeeper:3.8.0  pulled   1.5s\n") != std::string::npos);
  CHECK(text.find("\x1b[1A\x1b[J    ok  m1   restarted, mode leader   2.1s\n") != std::string::npos);
  CHECK(text.find("not begun") == std::string::npos);
}
