#include "plan/app_watch.hpp"

#include <algorithm>

#include "plan/app_pulse.hpp"

namespace cctl {

using std::chrono::milliseconds;

namespace {

// Away from its master for a while, it still runs.
bool is_alive(const std::string& state) {
  return state == "TASK_STAGING" || state == "TASK_STARTING" || state == "TASK_RUNNING" || state == "TASK_KILLING" ||
         state == "TASK_UNREACHABLE";
}

}  // namespace

AppWatch::AppWatch(milliseconds patience) : run_on_(std::min(kRunOn, patience / 2)) {}

// A task that has started and ended between two looks is known by the failure alone, one that ended well by its
// absence.
void AppWatch::count_ended(const AppState& app) {
  // What failed before the first look belongs to an older definition, or to nobody knows when.
  const bool news = looked_ || (app.version == app.changed && !app.changed.empty());
  if (app.failure.task != last_failure_ && news && app.failure.version >= app.changed) ended_.insert(app.failure.task);
  last_failure_ = app.failure.task;
  std::set<std::string> alive;
  for (const AppTask& task : app.tasks)
    if (is_alive(task.state) && !app.changed.empty() && task.version >= app.changed) alive.insert(task.id);
  // Where there were more than are wanted, it was Marathon that took some away.
  for (const auto& id : alive_)
    if (!alive.count(id) && tasks_ <= static_cast<std::size_t>(app.instances)) ended_.insert(id);
  alive_ = std::move(alive);
}

void AppWatch::look(const AppState& app, milliseconds now) {
  now_ = now;
  count_ended(app);
  std::map<std::string, milliseconds> running;
  const auto keep = [&](const std::string& id) { running[id] = since_.count(id) ? since_.at(id) : now; };
  for (const AppTask& task : app.tasks)
    if (task.state == "TASK_RUNNING") keep(task.id);
  // Only their number is known: another number, or another failure, is another set of tasks.
  if (app.tasks.empty() && app.running > 0) keep(std::to_string(app.running) + " beside " + app.failure.task);
  since_ = std::move(running);
  tasks_ = app.tasks.size();
  instances_ = app.instances;
  checked_ = app.checked;
  restarting_ = app_pulse(app).kind == AppPulse::Kind::restarting;
  looked_ = true;
}

bool AppWatch::runs_on() const {
  if (!looked_) return false;
  if (checked_ || instances_ == 0) return true;
  return !restarting_ && !since_.empty() &&
         std::all_of(since_.begin(), since_.end(), [&](const auto& task) { return now_ - task.second >= run_on_; });
}

bool AppWatch::crashes() const {
  const std::size_t instances = static_cast<std::size_t>(std::max(instances_, 1));
  return ended_.size() >= kCrashes * instances && (checked_ || !runs_on());
}

std::string AppWatch::in_words() const {
  if (runs_on()) return "";
  std::string out;
  if (ended_.size() == 1) out = "a task of it has ended and is started again";
  if (ended_.size() > 1) out = std::to_string(ended_.size()) + " tasks of it have ended, each soon after its start";
  if (since_.empty()) return out;
  if (restarting_)
    return out + (out.empty() ? "" : "; ") + "the one in its place has to run for longer than those before";
  return out + (out.empty() ? "" : "; ") + "its tasks have to run for " +
         std::to_string((run_on_.count() + 999) / 1000) + " s";
}

}  // namespace cctl
