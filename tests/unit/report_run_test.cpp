#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/apps.hpp"
#include "report/run_json.hpp"

using namespace cctl;

TEST_CASE("the document of a run says what it was about, what it did, and how the cluster is at its end") {
  RunDocument run;
  run.command = "up", run.cluster = "prod", run.inventory = "prod.yml";
  run.report.steps.push_back({"m1", "zookeeper", "create", Outcome::done, "created", std::chrono::milliseconds(7)});
  run.exit_code = 9;
  const auto without = nlohmann::json::parse(run_json_text(run));
  CHECK(without["schema"] == "clusterctl.run/1");
  CHECK(without["command"] == "up");
  CHECK(without["cluster"] == "prod");
  CHECK(without["inventory"] == "prod.yml");
  CHECK(without["exit_code"] == 9);
  CHECK(without["steps"][0]["outcome"] == "done");
  CHECK_FALSE(without.contains("health"));
  run.health = Status{};
  run.health->cluster = "prod", run.health->health = "degraded";
  const auto with = nlohmann::json::parse(run_json_text(run));
  CHECK(with["health"]["schema"] == "clusterctl.status/1");
  CHECK(with["health"]["health"] == "degraded");
}

TEST_CASE("the document of several apps names each that was given, with what became of it") {
  AppState web;
  web.id = "/web";
  const std::vector<AppOutcome> outcomes = {
      {"web.json", "/web", "deployed", "", 0},
      {"db.json", "/db", "failed", "Marathon answered 422", 1},
      {"bad.json", "", "failed", "1 mistake", 2, {{{"bad.json", 3, 5}, "unknown"}}}};
  const auto told = nlohmann::json::parse(apps_json_text("prod", {web}, outcomes));
  CHECK(told["schema"] == "clusterctl.apps/1");
  CHECK(told["cluster"] == "prod");
  CHECK(told["apps"].size() == 1);
  CHECK_FALSE(told.contains("removed"));
  CHECK(told["outcomes"][0] == nlohmann::json{{"file", "web.json"},
                                              {"id", "/web"},
                                              {"became", "deployed"},
                                              {"error", nullptr},
                                              {"exit_code", 0},
                                              {"mistakes", nlohmann::json::array()}});
  CHECK(told["outcomes"][1]["error"] == "Marathon answered 422");
  CHECK(told["outcomes"][1]["exit_code"] == 1);
  CHECK(told["outcomes"][2]["id"].is_null());
  CHECK(told["outcomes"][2]["mistakes"][0]["line"] == 3);
  AppOutcome later;
  later.id = "/later";
  const auto removed = nlohmann::json::parse(apps_json_text("prod", {}, {later}, {"/web"}));
  CHECK(removed["removed"] == nlohmann::json{"/web"});
  CHECK(removed["outcomes"][0]["became"] == "not begun");
  CHECK_FALSE(nlohmann::json::parse(apps_json_text("prod", {web})).contains("outcomes"));
}
