#include "plan/app_pulse.hpp"

#include <algorithm>

#include "plan/moment.hpp"

namespace cctl {
namespace {

constexpr double kShortest = 15;

// One of an older definition tells nothing about this one.
bool of_this_definition(const AppState& app) {
  const bool any = !app.failure.task.empty() || !app.failure.state.empty();
  return any && app.failure.version >= app.changed;
}

// While a deployment is under way, what failed before it began is not why tasks are missing.
bool explains_missing(const AppState& app) {
  const auto began = moment_of(app.version);
  return app.deployments.empty() || !began || !app.failure.when || *app.failure.when >= *began;
}

// What failed within the last hour is told of an app that runs.
std::string recent_failure(const AppState& app, const std::string& reason) {
  const double ago = *app.now - *app.failure.when;
  if (ago > 3600) return "";
  return reason + ", " + std::to_string(static_cast<int>(std::max(0.0, ago))) + " s ago";
}

// Whether this task runs in the place of the one that failed, and has not done so for long.
bool is_young(const AppTask& task, double failed, double now) {
  const double delay = *task.started - failed;
  return delay >= 0 && now - *task.started < std::clamp(2 * delay, kShortest, kLongestUnsteady);
}

}  // namespace

std::string failure_in_words(const AppState& app) {
  if (!of_this_definition(app)) return "";
  const auto word = [](const std::string& text) { return text.empty() ? std::string("?") : text; };
  return "its last task ended on " + word(app.failure.host) + " with " + word(app.failure.state) + ": " +
         app.failure.message;
}

std::optional<double> youngest_task(const AppState& app) {
  std::optional<double> out;
  for (const AppTask& task : app.tasks) {
    if (task.state != "TASK_RUNNING") continue;
    if (!task.started || !app.now) return std::nullopt;
    const double age = std::max(0.0, *app.now - *task.started);
    out = std::min(out.value_or(age), age);
  }
  return out;
}

double still_to_run(const AppState& app) {
  const auto age = youngest_task(app);
  return app.checked || app.instances == 0 || !age ? 0 : std::max(0.0, kProven - *age);
}

AppPulse app_pulse(const AppState& app) {
  using Kind = AppPulse::Kind;
  if (app.instances == 0 || !of_this_definition(app)) return {};
  const std::string reason = failure_in_words(app);
  if (app.running < app.instances) return explains_missing(app) ? AppPulse{Kind::restarting, reason} : AppPulse{};
  if (app.checked) return {};
  const AppPulse unsure{Kind::unsure, reason + "; when that was, Marathon does not say"};
  if (!app.failure.when || !app.now) return unsure;
  bool told = true;
  for (const AppTask& task : app.tasks) {
    if (task.state != "TASK_RUNNING") continue;
    if (!task.started)
      told = false;
    else if (is_young(task, *app.failure.when, *app.now))
      return {Kind::restarting, reason};
  }
  if (told && !app.tasks.empty()) return {Kind::steady, recent_failure(app, reason)};
  // Nobody knows since when they run: not for longer than since the failure, if it was one of these.
  return *app.now - *app.failure.when < kLongestUnsteady ? unsure : AppPulse{};
}

void hold_against_pulses(std::vector<InstanceHealth>& instances, const Desired& desired, const Observed& observed) {
  for (InstanceHealth& health : instances) {
    const Instance* instance = desired.find(health.host, health.component);
    const auto host = observed.hosts.find(health.host);
    if (!instance || !instance->app.used() || host == observed.hosts.end()) continue;
    const auto app = host->second.apps.find(instance->app.id);
    if (app == host->second.apps.end() || app->second.pulse.kind == AppPulse::Kind::steady) continue;
    const bool restarting = app->second.pulse.kind == AppPulse::Kind::restarting;
    if (!restarting && !health.ready) continue;
    health.known = restarting;
    health.seen =
        health.ready || health.seen.empty() ? app->second.pulse.reason : health.seen + "; " + app->second.pulse.reason;
    health.ready = false;
  }
}

}  // namespace cctl
