// A plan as people and as programs read it.
#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/plan.hpp"
#include "report/terminal.hpp"

namespace cctl {

struct PlanTextOptions {
  bool verbose = false;  // docker run lines, whole new files, context in diffs, what is as wanted
  // What is left of n members while `serve` of them do, in words; and the line an operator would type.
  std::function<std::string(int serve, int n)> left;
  std::function<std::vector<std::string>(const ContainerSpec&)> run_words;
  std::function<std::string(const std::string& advice)> aim;  // advice, aimed at the cluster that is meant
};

std::string plan_text(const Plan& plan, const Look& look, const PlanTextOptions& options);

// "prod (inventory.yml): 5 hosts, 24 instances; 5 to start, 2 to change, 17 as wanted"
std::string plan_header(const Plan& plan);

// schema clusterctl.plan/1
nlohmann::json plan_json(const Plan& plan);
std::string plan_json_text(const Plan& plan);

}  // namespace cctl
