// A component moves to other ports: until it has, and once that was taken back, it is asked where it serves.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "model/manifest_json.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

Wish moved(Wish wish) {
  wish.app_port = 9000;
  wish.app_order = RollOrder::one_at_a_time;
  return wish;
}

std::map<std::string, int> remembered(const World& w, const std::string& host) {
  return manifest_from_json(w.machines.at(host).files.at(manifest_path("c")).content).ports["app"];
}

int told(World& w, const std::string& host) {
  return std::stoi(w.machines.at(host).find("cctl-c-app")->spec.env.at("PORT"));
}

}  // namespace

TEST_CASE_METHOD(Running, "who is yet to move is asked where it serves, and counts") {
  const auto begun = w.time;
  const Ended ended = up(w, moved(wish));
  CHECK(ended.exit == 0);
  for (const char* host : {"d", "e"}) {
    CHECK(told(w, host) == 9000);
    CHECK(remembered(w, host) == std::map<std::string, int>{{"http", 9000}});
  }
  // Nobody waited for a member that was asked where it is not.
  CHECK(w.time - begun < std::chrono::seconds(5));
  CHECK(up(w, moved(wish)).plan.nothing_to_do());
}

TEST_CASE_METHOD(Running, "what was put back is asked at its old port") {
  Wish bad = moved(wish);
  bad.app_version = "bad";
  const Ended ended = up(w, bad);
  CHECK(ended.exit == 7);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].state == "the old container runs again and is ready; the roll stopped here");
  for (const char* host : {"d", "e"}) {
    CHECK(told(w, host) == 8000);
    CHECK(remembered(w, host) == std::map<std::string, int>{{"http", 8000}});
  }
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE_METHOD(Running, "what a killed run has moved is asked at its new port, and put back at its old one") {
  Wish bad = moved(wish);
  bad.app_version = "bad";
  w.on_operation = [this](const std::string& operation) {
    if (operation == "start d cctl-c-app") w.plan_mishap(Mishap::kill, 2);
  };
  REQUIRE(up(w, bad).killed);
  w.on_operation = {};
  w.plan_mishap(Mishap::none, 0);
  CHECK(remembered(w, "d") == std::map<std::string, int>{{"http", 8000}});
  const Ended ended = up(w, bad);
  CHECK(ended.exit == 7);
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].state == "the old container runs again and is ready; the roll stopped here");
  CHECK(told(w, "d") == 8000);
}
