// Hosts that run commands and whose probes cannot be put: nothing is stopped, taken back or called broken because of
// that.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

const std::string kNoWay =
    "sshd of d forbids forwarding, and the host has neither bash nor python nor perl to ask with";

bool said(const World& w, const std::string& begin) {
  return std::any_of(w.log.begin(), w.log.end(), [&](const auto& line) { return line.rfind(begin, 0) == 0; });
}

}  // namespace

TEST_CASE_METHOD(Running, "a change whose gate could ask nobody is refused before anything stops") {
  const std::string before = snapshot(w);
  w.machines.at("d").unasked = kNoWay;
  w.log.clear();
  Wish changed = wish;
  changed.app_version = "2.0";
  const Ended ended = up(w, changed);
  CHECK(ended.exit == 3);
  CHECK(snapshot(w) == before);
  CHECK_FALSE(said(w, "stop "));
  CHECK_FALSE(said(w, "put "));
  REQUIRE(ended.report.failures.size() == 1);
  const Failure& f = ended.report.failures[0];
  CHECK(f.host == "d");
  CHECK(f.what == "cannot be asked how it is");
  CHECK(f.saw.find(kNoWay) != std::string::npos);
  CHECK(f.state == "nothing was changed");
  for (const auto& step : ended.report.steps) CHECK(step.outcome == Outcome::skipped);
}

TEST_CASE_METHOD(Running, "what could not be asked any more is left as it is, and the next run proves it") {
  Wish changed = wish;
  changed.app_version = "2.0";
  w.log.clear();
  w.on_operation = [this](const std::string& operation) {
    if (operation.rfind("start d", 0) == 0) w.machines.at("d").unasked = kNoWay;
  };
  const Ended ended = up(w, changed);
  CHECK(ended.exit == 6);
  w.on_operation = {};
  const auto* now = w.machines.at("d").find("cctl-c-app");
  REQUIRE(now);
  CHECK(now->spec.image == "app:2.0");
  CHECK(now->state == "running");
  CHECK(w.machines.at("d").find("cctl-c-app.previous"));
  const auto failed = std::find_if(ended.report.failures.begin(), ended.report.failures.end(),
                                   [](const Failure& f) { return f.host == "d"; });
  REQUIRE(failed != ended.report.failures.end());
  CHECK(failed->what == "could not be asked for 60s how it is");
  CHECK(failed->state == "left as it is, with what it replaced kept beside it");
  w.machines.at("d").unasked.clear();
  CHECK(up(w, changed).exit == 0);
  CHECK_FALSE(w.machines.at("d").find("cctl-c-app.previous"));
  CHECK(all_serve(w, desired(changed)));
}

TEST_CASE_METHOD(Running, "a member that could not be asked does not count for the majority that must stay") {
  Wish changed = wish;
  changed.zk_config = "two";
  w.machines.at("b").unasked = "no way to ask";
  RunOptions only_a;
  only_a.diff.limit = {"a"};
  w.log.clear();
  const Ended ended = run(w, desired(changed), only_a);
  CHECK(ended.exit == 8);
  REQUIRE_FALSE(ended.report.failures.empty());
  CHECK(ended.report.failures[0].saw ==
        "stopping a would leave 1 of 3 healthy, 2 are needed (not healthy now: b, which could not be asked)");
  CHECK_FALSE(said(w, "stop "));
  w.machines.at("b").unasked.clear();
  CHECK(run(w, desired(changed), only_a).exit == 0);
}
