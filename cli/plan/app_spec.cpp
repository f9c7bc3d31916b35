#include "plan/app_spec.hpp"

#include <algorithm>

#include "model/error.hpp"
#include "model/limits.hpp"
#include "model/outside_json.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_state.hpp"
#include "plan/json_at.hpp"
#include "plan/marathon_answer.hpp"
#include "plan/spec_json.hpp"

namespace cctl {

using nlohmann::json;

AppSpec app_spec(const std::string& definition, std::vector<std::string> addresses, int port,
                 const std::string& version) {
  json app;
  try {
    app = json::parse(definition);
  } catch (const json::exception& e) {
    throw Error(std::string("the app's definition does not parse: ") + e.what());
  }
  if (!app.is_object()) throw Error("the app's definition is no JSON object");
  if (!app.contains("id") || !app["id"].is_string() || app["id"].get<std::string>().empty())
    throw Error("the app has no id");
  AppSpec out;
  out.id = app["id"].get<std::string>();
  if (out.id[0] != '/') out.id.insert(0, "/");
  app["id"] = out.id;
  if (!app.contains("instances") || app["instances"].is_null()) app["instances"] = 1;
  if (!app["instances"].is_number_integer() || app["instances"].get<long long>() < 0)
    throw Error("instances of app \"" + out.id + "\" is no count: " + app["instances"].dump());
  out.instances = app["instances"].get<int>();
  if (app.contains("labels") && !app["labels"].is_object() && !app["labels"].is_null())
    throw Error("labels of app \"" + out.id + "\" are no map: " + app["labels"].dump());
  if (!version.empty()) app["labels"][label::version] = version;
  // Another label is another version, and that restarts every task: a number of instances must not make one.
  json rest = app;
  rest.erase("instances");
  app["labels"][label::spec] = sha256_hex(rest.dump());
  out.json = app.dump();
  out.addresses = std::move(addresses);
  out.port = port;
  return out;
}

std::string app_digest(const std::string& definition) {
  return app_state(definition).digest;
}

std::optional<ObservedApp> observed_app(const std::string& id, const Answer& answer) {
  if (!not_marathons(Asked::app, id, answer).empty()) return std::nullopt;
  if (answer.status == 404) return ObservedApp{};
  if (answer.status != 200) return std::nullopt;
  AppState now = app_state(answer);
  return ObservedApp{true,
                     std::move(now.digest),
                     std::move(now.component_version),
                     std::move(now.image),
                     now.instances,
                     app_pulse(now),
                     answer.body.size() <= limits::definition ? answer.body : ""};
}

std::vector<std::string> app_dependencies(const std::string& definition) {
  return app_state(definition).needs;
}

std::string app_path(const std::string& id) {
  return "/v2/apps/" + id;
}

Probe app_probe(const AppSpec& app) {
  Probe probe;
  probe.name = "tasks";
  probe.kind = ProbeKind::http;
  probe.address = app.addresses.empty() ? "" : app.addresses.front();
  if (app.addresses.size() > 1) probe.or_else.assign(app.addresses.begin() + 1, app.addresses.end());
  probe.port = app.port;
  probe.path = app_path(app.id);
  probe.extract["running"].json = "/app/tasksRunning";
  probe.extract["deployments"].list = "/app/deployments";
  probe.extract["deployments"].item = "/id";
  if (app_state(app.json).checked) {
    probe.extract["healthy"].json = "/app/tasksHealthy";
    probe.expect["healthy"] = {std::to_string(app.instances)};
  }
  probe.expect["running"] = {std::to_string(app.instances)};
  probe.expect["deployments"] = {""};
  return probe;
}

}  // namespace cctl
