#include <nlohmann/json.hpp>

#include "catch.hpp"
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
