#include "plan/app_state.hpp"

#include <algorithm>

#include "model/app_reference.hpp"
#include "model/outside_json.hpp"
#include "model/spec.hpp"
#include "plan/json_at.hpp"
#include "plan/moment.hpp"

namespace cctl {
namespace {

using nlohmann::json;

AppFailure failure_of(const json& app) {
  const json failure = json_at(app, "/lastTaskFailure");
  if (!failure.is_object()) return {};
  return {text_at(failure, "/taskId"),
          text_at(failure, "/version"),
          text_at(failure, "/host"),
          text_at(failure, "/slaveId"),
          text_at(failure, "/state"),
          text_at(failure, "/message"),
          moment_of(text_at(failure, "/timestamp"))};
}

AppState state_of(const json& app) {
  AppState out;
  out.id = text_at(app, "/id");
  for (const auto& other : list_at(app, "/dependencies"))
    if (other.is_string()) out.needs.push_back(app_reference(out.id, other.get<std::string>()));
  out.image = text_at(app, "/container/docker/image");
  out.version = text_at(app, "/version");
  out.digest = text_at(app, std::string("/labels/") + label::spec);
  out.component_version = text_at(app, std::string("/labels/") + label::version);
  out.changed = text_at(app, "/versionInfo/lastConfigChangeAt");
  for (const auto& task : list_at(app, "/tasks")) {
    // Before 1.4 a task has no state, and none that has ended is shown.
    const std::string otherwise = text_at(task, "/startedAt").empty() ? "TASK_STAGING" : "TASK_RUNNING";
    out.tasks.push_back({text_at(task, "/id"), text_at(task, "/state", otherwise), text_at(task, "/version"),
                         moment_of(text_at(task, "/startedAt"))});
  }
  out.failure = failure_of(app);
  out.instances = count_at(app, "/instances");
  out.running = count_at(app, "/tasksRunning");
  out.healthy = count_at(app, "/tasksHealthy");
  out.checked = !list_at(app, "/healthChecks").empty();
  for (const auto& deployment : list_at(app, "/deployments")) out.deployments.push_back(text_at(deployment, "/id"));
  return out;
}

std::optional<double> time_of(const Answer& answer) {
  const auto date = answer.headers.find("date");
  return date == answer.headers.end() ? std::nullopt : moment_of(date->second);
}

}  // namespace

AppState app_state(const std::string& answer) {
  const json all = parse_outside(answer).value;
  const json app = json_at(all, "/app");
  return state_of(app.is_object() ? app : all);
}

AppState app_state(const Answer& answer) {
  AppState out = app_state(answer.body);
  out.now = time_of(answer);
  return out;
}

std::vector<AppState> app_states(const Answer& answer) {
  std::vector<AppState> out = app_states(answer.body);
  for (AppState& app : out) app.now = time_of(answer);
  return out;
}

std::vector<AppState> app_states(const std::string& answer) {
  std::vector<AppState> out;
  for (const auto& app : list_at(parse_outside(answer).value, "/apps")) out.push_back(state_of(app));
  std::sort(out.begin(), out.end(), [](const AppState& a, const AppState& b) { return a.id < b.id; });
  return out;
}

std::string app_image(const std::string& definition) {
  return text_at(parse_outside(definition).value, "/container/docker/image");
}

std::string answer_text(const std::string& answer, const std::string& pointer) {
  const json found = json_at(parse_outside(answer).value, pointer);
  return found.is_null() ? "" : found.is_string() ? found.get<std::string>() : found.dump();
}

}  // namespace cctl
