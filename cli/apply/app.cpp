// Apps: told to Marathon, taken back, and asked why they do not start.
#include <nlohmann/json.hpp>

#include "apply/run.hpp"
#include "plan/app_spec.hpp"
#include "plan/app_stuck.hpp"

namespace cctl {
namespace {

constexpr std::chrono::milliseconds kPause{300}, kRemoval{60000};

std::string text_of(const nlohmann::json& answer, const char* key) {
  const auto found = answer.find(key);
  if (found == answer.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

// Marathon's own words about a refusal.
std::string refusal(const Answer& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  std::string text = body.is_object() ? text_of(body, "message") : "";
  if (body.is_object() && body.contains("details")) text += " " + text_of(body, "details");
  return "Marathon answered " + std::to_string(answer.status) + (text.empty() ? "" : ": " + text);
}

}  // namespace

// The first Marathon that answers; any passes it on to the leader. Between two leaders all answer 5xx.
Task<Answer> Run::ask_app(const std::string& host, const AppSpec& app, std::string method, std::string path,
                          std::string body) {
  std::string error = "no Marathon is known";
  for (const auto& address : app.addresses) {
    HttpCall call;
    call.method = method;
    call.address = address;
    call.port = app.port;
    call.path = path;
    call.body = body;
    try {
      Answer answer = co_await hosts_.at(host).http(std::move(call));
      if (answer.status < 500) co_return answer;
      error = refusal(answer);
    } catch (const Error& e) {
      error = e.what();
    }
  }
  throw Error("no Marathon took the request " + method + " " + path + ": " + error);
}

Task<void> Run::deploy(Begun& begun) {
  const AppSpec& app = begun.instance->app;
  const Answer put = co_await ask_app(begun.step->host, app, "PUT", app_path(app.id), app.json);
  if (put.status == 409)
    throw Error("another deployment of " + app.id + " is under way; wait for it: clusterctl app list");
  if (put.status != 200 && put.status != 201) throw Error(refusal(put));
  begun.deployment = text_of(nlohmann::json::parse(put.body, nullptr, false), "deploymentId");
  if (begun.deployment.empty()) begun.deployment = text_of(nlohmann::json(put.headers), "marathon-deployment-id");
  // The same definition again starts nothing: files that its tasks read have changed.
  const bool files_only = !begun.step->files.empty() && put.status == 200;
  if (!files_only) co_return;
  const Answer again = co_await ask_app(begun.step->host, app, "POST", app_path(app.id) + "/restart?force=true", "{}");
  if (again.status != 200) throw Error(refusal(again));
  begun.deployment = text_of(nlohmann::json::parse(again.body, nullptr, false), "deploymentId");
}

// Marathon undoes a deployment that has not ended; one that has stays.
Task<bool> Run::cancel(Begun& begun) {
  if (begun.deployment.empty()) co_return false;
  const Answer answer =
      co_await ask_app(begun.step->host, begun.instance->app, "DELETE", "/v2/deployments/" + begun.deployment, "");
  co_await undo(begun);
  co_return answer.status >= 200 && answer.status < 300;
}

Task<void> Run::remove_app(const Step& step, const AppSpec& app) {
  const Answer gone = co_await ask_app(step.host, app, "DELETE", app_path(app.id) + "?force=true", "");
  if (gone.status == 404) co_return;
  if (gone.status != 200) throw Error(refusal(gone));
  const std::string id = text_of(nlohmann::json::parse(gone.body, nullptr, false), "deploymentId");
  const auto from = clock_.now();
  for (;;) {
    const Answer left = co_await ask_app(step.host, app, "GET", "/v2/deployments", "");
    if (left.body.find(id) == std::string::npos) co_return;
    if (clock_.now() - from > kRemoval) throw Error("its tasks did not end in " + seconds(kRemoval));
    co_await clock_.sleep(kPause);
  }
}

Task<std::string> Run::why_stuck(const Instance& instance) {
  try {
    const Answer queue = co_await ask_app(instance.host, instance.app, "GET", "/v2/queue?embed=lastUnusedOffers", "");
    const Answer now = co_await ask_app(instance.host, instance.app, "GET",
                                        app_path(instance.app.id) + "?embed=app.lastTaskFailure", "");
    co_return app_stuck(instance.app, queue.body, now.body);
  } catch (const Error& e) {
    co_return e.what();
  }
}

}  // namespace cctl
