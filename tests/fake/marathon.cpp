#include "marathon.hpp"

#include <ctime>
#include <nlohmann/json.hpp>

namespace cctl::fake {
namespace {

using nlohmann::json;
constexpr std::chrono::milliseconds kWarmUp{500}, kLife{2000};

Answer said(int status, const std::string& body) {
  Answer out;
  out.status = status;
  out.body = body;
  return out;
}

// The world's time as Marathon tells it.
std::string clock(const char* form, std::chrono::milliseconds now) {
  constexpr long kBegan = 1795255200;
  const std::time_t at = kBegan + static_cast<long>(now.count() / 1000);
  std::tm time{};
  char text[64];
  std::strftime(text, sizeof text, form, gmtime_r(&at, &time));
  return text;
}

}  // namespace

bool Marathon::runs(const MarathonApp& app, std::chrono::milliseconds now) const {
  return json::parse(app.definition).value("mem", 128.0) <= offered && now - app.changed >= kWarmUp;
}

// Those of "exit 3" live for two seconds each, and the next ones take their place.
void Marathon::show_tasks(json& out, const MarathonApp& app, std::chrono::milliseconds now) const {
  const bool crashes = out.value("cmd", "") == "exit 3";
  const auto lives = crashes ? (now - app.changed - kWarmUp) / kLife : 0;
  const auto name = [&](auto life, int n) {
    return app.version + "." + std::to_string(life) + "-" + std::to_string(n);
  };
  out["versionInfo"] = {{"lastConfigChangeAt", app.version}};
  out["version"] = app.deployment;
  out["tasks"] = json::array();
  const std::string since = clock("%Y-%m-%dT%H:%M:%SZ", app.changed + kWarmUp + lives * kLife);
  for (int n = 0; n < out["instances"].get<int>(); ++n)
    out["tasks"].push_back(
        {{"id", name(lives, n)}, {"state", "TASK_RUNNING"}, {"version", app.version}, {"startedAt", since}});
  if (lives > 0)
    out["lastTaskFailure"] = {{"taskId", name(lives - 1, 0)},
                              {"slaveId", "S0"},
                              {"version", app.version},
                              {"host", "d"},
                              {"state", "TASK_FAILED"},
                              {"message", "Command exited with status 3"},
                              {"timestamp", since}};
}

std::string Marathon::shown(const MarathonApp& app, std::chrono::milliseconds now) const {
  json out = json::parse(app.definition);
  const bool up = runs(app, now);
  out["tasksRunning"] = up ? out["instances"] : json(0);
  out["tasksHealthy"] = 0;
  out["deployments"] = json::array();
  if (up) show_tasks(out, app, now);
  if (!up) out["deployments"].push_back({{"id", app.deployment}});
  return json{{"app", out}}.dump();
}

std::string Marathon::queue(std::chrono::milliseconds now) const {
  json out = {{"queue", json::array()}};
  for (const auto& [path, app] : apps) {
    if (runs(app, now)) continue;
    json reason = {{"reason", "InsufficientMemory"}, {"declined", 2}, {"processed", 2}};
    out["queue"].push_back({{"app", json::parse(app.definition)},
                            {"processedOffersSummary", {{"rejectSummaryLastOffers", json::array({reason})}}}});
  }
  return out.dump();
}

Answer Marathon::began(MarathonApp& app, std::chrono::milliseconds now, int status) {
  app.deployment = "d" + std::to_string(1000 + ++deployments_);  // later ones compare as later
  app.changed = now;
  app.read = file;
  return said(status, json{{"deploymentId", app.deployment}, {"version", "1"}}.dump());
}

Answer Marathon::change(const HttpCall& call, std::chrono::milliseconds now) {
  std::string path = call.path.substr(0, call.path.find('?'));
  const bool restart = path.ends_with("/restart");
  if (restart) path.resize(path.size() - std::string("/restart").size());
  const auto found = apps.find(path);
  if (call.method == "PUT" && path == refused)
    return said(422, R"({"message": "Object is not valid", "details": [{"path": "/cmd", "errors": ["no"]}]})");
  if (call.method == "PUT") {
    if (found != apps.end() && !runs(found->second, now) && call.path.find("force=true") == std::string::npos)
      return said(409,
                  json{{"message", "App is locked"}, {"deployments", {{{"id", found->second.deployment}}}}}.dump());
    MarathonApp& app = apps[path];
    const bool whole = call.path.find("partialUpdate=false") != std::string::npos;
    json all = whole || found == apps.end() ? json::object() : json::parse(app.definition);
    app.before = app.definition;
    all.update(json::parse(call.body));
    // The same again begins a deployment that has nothing to do.
    if (all.dump() == app.definition) return said(200, json{{"deploymentId", "d0"}}.dump());
    json was = json::parse(app.definition, nullptr, false), is = all;
    app.definition = all.dump();
    if (was.is_object()) was.erase("instances");
    is.erase("instances");
    const Answer out = began(app, now, app.before.empty() ? 201 : 200);
    if (was != is) app.version = app.deployment;
    return out;
  }
  if (found == apps.end()) return said(404, R"({"message": "App does not exist"})");
  if (call.method == "GET") {
    Answer out = said(200, shown(found->second, now));
    if (tells_time) out.headers["date"] = clock("%a, %d %b %Y %H:%M:%S GMT", now);
    return out;
  }
  if (restart) {
    const Answer out = began(found->second, now, 200);
    found->second.version = found->second.deployment;
    return out;
  }
  apps.erase(found);
  return said(200, json{{"deploymentId", "gone"}}.dump());
}

// One that has ended is not known any more.
Answer Marathon::cancel(const std::string& deployment, std::chrono::milliseconds now) {
  for (auto& [path, app] : apps) {
    if (app.deployment != deployment || runs(app, now)) continue;
    if (app.before.empty())
      apps.erase(path);
    else
      app.definition = app.before;
    return said(200, json{{"deploymentId", "undo"}}.dump());
  }
  return said(404, R"({"message": "DeploymentPlan does not exist"})");
}

Answer Marathon::answer(const HttpCall& call, std::chrono::milliseconds now) {
  if (led_again && now >= *led_again) leaderless = false, led_again.reset();
  if (const auto other = strangers.find(call.address + ":" + std::to_string(call.port)); other != strangers.end())
    return other->second;
  if (leaderless) return said(502, R"({"message": "Could not determine the current leader"})");
  if (call.path.starts_with("/v2/apps/")) return change(call, now);
  if (call.path.starts_with("/v2/deployments/")) return cancel(call.path.substr(call.path.rfind('/') + 1), now);
  if (call.path.starts_with("/v2/deployments")) {
    json out = json::array();
    for (const auto& [path, app] : apps)
      if (!runs(app, now)) out.push_back({{"id", app.deployment}});
    return said(200, out.dump());
  }
  if (call.path.starts_with("/v2/queue")) return said(200, queue(now));
  if (call.path == "/v2/info")
    return said(200, R"({"version": "1.11.24", "marathon_config": {"mesos_leader_ui_url": "http://mesos:5050/"}})");
  if (call.path == "/slaves" && call.port == 5050)
    return said(
        200,
        R"({"slaves": [{"id": "S0", "pid": "slave(1)@d:5051", "hostname": "d", "active": true, "resources": {"cpus": 2, "mem": 2976, "disk": 9}}]})");
  if (call.port == 5051) return of_slave(call, now);
  return said(404, "{}");
}

// The sandbox of the task that failed last.
Answer Marathon::of_slave(const HttpCall& call, std::chrono::milliseconds now) const {
  if (call.path == "/state") {
    json executors = json::array();
    for (const auto& [path, app] : apps) {
      json all = json::parse(app.definition);
      show_tasks(all, app, now);
      if (all.contains("lastTaskFailure"))
        executors.push_back({{"id", all["lastTaskFailure"]["taskId"]}, {"directory", "/box"}});
    }
    return said(200, json{{"frameworks", {{{"completed_executors", executors}}}}}.dump());
  }
  if (call.path == "/files/read?path=/box/stderr&offset=-1") return said(200, R"({"data": "", "offset": 22})");
  if (call.path == "/files/read?path=/box/stderr&offset=0&length=4000")
    return said(200, R"({"data": "cannot open the file\n", "offset": 0})");
  return said(404, "");
}

}  // namespace cctl::fake
