#include "plan/app_spec.hpp"

#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// The app itself, whether it stands alone or in an answer.
json app_in(const std::string& text) {
  const json all = json::parse(text, nullptr, false);
  if (!all.is_object()) return json::object();
  return all.contains("app") && all["app"].is_object() ? all["app"] : all;
}

}  // namespace

AppSpec app_spec(const std::string& definition, std::vector<std::string> addresses, int port) {
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
  if (!app.contains("instances")) app["instances"] = 1;
  if (!app["instances"].is_number_integer() || app["instances"].get<long long>() < 0)
    throw Error("instances of app \"" + out.id + "\" is no count: " + app["instances"].dump());
  out.instances = app["instances"].get<int>();
  if (app.contains("labels") && !app["labels"].is_object())
    throw Error("labels of app \"" + out.id + "\" are no map: " + app["labels"].dump());
  const std::string digest = sha256_hex(app.dump());
  app["labels"][label::spec] = digest;
  out.json = app.dump();
  out.addresses = std::move(addresses);
  out.port = port;
  return out;
}

std::string app_digest(const std::string& text) {
  const json app = app_in(text);
  const auto labels = app.find("labels");
  return labels != app.end() && labels->is_object() ? labels->value(label::spec, "") : "";
}

int app_instances(const std::string& text) {
  const json app = app_in(text);
  const auto count = app.find("instances");
  return count != app.end() && count->is_number_integer() ? count->get<int>() : -1;
}

std::string app_path(const std::string& id) {
  return "/v2/apps/" + id;
}

Probe app_probe(const AppSpec& app) {
  Probe probe;
  probe.name = "tasks";
  probe.kind = ProbeKind::http;
  probe.address = app.addresses.empty() ? "" : app.addresses.front();
  probe.port = app.port;
  probe.path = app_path(app.id);
  probe.extract["running"].json = "/app/tasksRunning";
  probe.extract["deployments"].list = "/app/deployments";
  probe.extract["deployments"].item = "/id";
  probe.expect["running"] = {std::to_string(app.instances)};
  probe.expect["deployments"] = {""};
  return probe;
}

}  // namespace cctl
