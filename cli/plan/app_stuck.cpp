#include "plan/app_stuck.hpp"

#include <nlohmann/json.hpp>

namespace cctl {
namespace {

using nlohmann::json;

std::string last_failure(const std::string& answer) {
  const json all = json::parse(answer, nullptr, false);
  if (!all.is_object() || !all.contains("app") || !all["app"].is_object()) return "";
  const json& app = all["app"];
  const auto failure = app.find("lastTaskFailure");
  if (failure == app.end() || !failure->is_object()) return "";
  return "its last task ended on " + failure->value("host", "?") + " with " + failure->value("state", "?") + ": " +
         failure->value("message", "");
}

}  // namespace

std::string app_stuck(const AppSpec&, const std::string&, const std::string& app_answer) {
  return last_failure(app_answer);
}

}  // namespace cctl
