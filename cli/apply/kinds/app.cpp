// Steps on apps.
#include <algorithm>

#include "apply/app_talk.hpp"
#include "apply/log.hpp"
#include "apply/run.hpp"
#include "model/shell_words.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_spec.hpp"

namespace cctl {
namespace {

constexpr std::chrono::milliseconds kRemoval{60000};

std::set<std::string> names_of(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

AppTalk Run::talk(const std::string& host, const AppSpec& app) {
  return AppTalk(hosts_.at(host), app.addresses, app.port);
}

Task<void> Run::act(Begun& begun, const AppSpec& app) {
  co_await write_files(begun);
  co_await deploy(begun, app);
  co_await ledger(begun.step->host).applied(*begun.instance, *begun.step);
}

// What no slave could ever run is not told to Marathon at all.
Task<void> Run::deploy(Begun& begun, const AppSpec& app) {
  AppTalk marathon = talk(begun.step->host, app).patient(clock_);
  const AppFit fit = co_await marathon.fit(app.json);
  if (!fit.too_large.empty())
    throw Error("no slave can run " + app.id + ": " + fit.too_large + "; Marathon was not told of it");
  if (!fit.unknown.empty()) log_line(begun.step->host, "whether a slave can run " + app.id + ": " + fit.unknown);
  const std::optional<AppState> before = co_await marathon.find(app.id);
  // What is under way on an app of ours, such as what a killed run has left, would be in the way for ever.
  const bool ours = before && !before->digest.empty();
  begun.deployment = co_await marathon.put(app.id, app.json, ours);
  // The same definition again starts nothing, yet files that its tasks read have changed.
  if (before && before->digest == app_digest(app.json) && !begun.step->files.empty())
    begun.deployment = co_await marathon.restart(app.id);
}

// True when something was put back.
Task<bool> Run::go_back(Begun& begun, const AppSpec& app) {
  const bool back = begun.undo && !begun.undo->empty();
  co_await undo(begun);
  if (begun.deployment.empty()) co_return back;
  AppTalk marathon = talk(begun.step->host, app).patient(clock_);
  const bool cancelled = co_await marathon.cancel(begun.deployment);
  co_return cancelled || back;
}

Task<void> Run::remove_app(const Step& step, const AppSpec& app) {
  AppTalk marathon = talk(step.host, app).patient(clock_);
  std::string deployment;
  try {
    deployment = co_await marathon.remove(app.id, true);
  } catch (const NoSuchApp&) {
    co_return;  // it is gone already
  }
  const bool ended = co_await wait_for_end(marathon, clock_, deployment, kRemoval);
  if (!ended) throw Error("its tasks did not end in " + seconds(kRemoval));
}

// Tasks that start well and end soon after are not what was wanted: each app is looked at for a while.
Task<void> Run::watch_apps(const GateAsk& ask, AppWatches& watches, std::chrono::milliseconds elapsed,
                           GateResult& result) {
  for (const Instance* member : ask.members) {
    const AppSpec* app = member->app();
    if (!app) continue;
    AppWatch& watch = watches.try_emplace(member, ask.timeout).first->second;
    std::string trouble;
    try {
      AppTalk marathon = talk(member->host, *app);
      const std::optional<AppState> now = co_await marathon.find(app->id);
      if (now) watch.look(*now, elapsed);
    } catch (const Error& e) {
      trouble = e.what();
    }
    if (watch.crashes()) {
      result.crashing.insert(member);
      const std::string why = co_await why_stuck(*member, *app);
      AppTalk marathon = talk(member->host, *app);
      std::string id = app->id;
      const std::string words = co_await marathon.last_words(std::move(id));
      trouble = watch.in_words() + (why.empty() ? "" : "; " + why) + words;
    } else if (trouble.empty()) {
      trouble = watch.in_words();
    }
    if (watch.runs_on() && result.crashing.count(member) == 0) continue;
    auto known = std::find_if(result.unmet.begin(), result.unmet.end(), [&](const Waiting& w) {
      return w.host == member->host && w.component == member->component;
    });
    if (known == result.unmet.end()) {
      result.not_ready.insert(member);
      Waiting w;
      w.host = member->host;
      w.component = member->component;
      w.wanted = "its tasks to run on";
      w.seen = result.seen[member];
      known = result.unmet.insert(result.unmet.end(), std::move(w));
    }
    if (!trouble.empty()) known->seen += (known->seen.empty() ? "" : "; ") + trouble;
  }
}

// False: it waits for an app that has failed, in this run or before it. One that fails stops nothing else.
Task<bool> Run::is_independent(const Wave& wave) {
  std::set<std::string> needed;
  const auto* component = leg_.desired.component(wave.component);
  if (component) needed.insert(component->needs.begin(), component->needs.end());
  for (const auto* instance : leg_.desired.of(wave.component))
    if (const AppSpec* app = instance->app()) needed.merge(names_of(app_dependencies(app->json)));
  std::string why = component || failed_.empty() ? "" : why_skipped_;
  for (const auto& other : needed) {
    if (!why.empty()) break;
    if (failed_.count(other) > 0)
      why = "not begun: " + other + ", which it needs, failed";
    else
      why = co_await why_not_running(other);
  }
  if (why.empty()) co_return true;
  failed_.insert(wave.component);
  why_waits_[wave.component] = std::move(why);
  co_return false;
}

// An app that this run leaves as it is may have failed long ago. What could not be asked stops nothing: its gate tells.
Task<std::string> Run::why_not_running(const std::string& component) {
  const auto all = leg_.desired.of(component);
  const AppSpec* app = all.empty() ? nullptr : all.front()->app();
  if (!app || changes(component)) co_return "";
  std::optional<AppState> now;
  try {
    AppTalk marathon = talk(all.front()->host, *app);
    now = co_await marathon.find(app->id);
  } catch (const Error&) {
    co_return "";
  }
  if (!now || now->instances == 0) co_return "";
  const AppPulse pulse = app_pulse(*now);
  const bool ends = pulse.kind == AppPulse::Kind::restarting;
  if (now->running > 0 && !ends) co_return "";
  const std::string why = ends && !pulse.reason.empty() ? pulse.reason : now->in_words();
  report_.failures.push_back({all.front()->host,
                              component,
                              "does not run, and others need it",
                              "",
                              why,
                              {},
                              "it was as wanted, and was left as it is",
                              "clusterctl app list; repair the cause, then clusterctl up again"});
  failed_.insert(component);
  end_with(Exit::failed);
  co_return "not begun: " + component + ", which it needs, does not run";
}

bool Run::changes(const std::string& component) const {
  return std::any_of(leg_.waves.begin(), leg_.waves.end(), [&](const Wave& wave) {
    return std::any_of(wave.steps.begin(), wave.steps.end(), [&](const Step& s) { return s.component == component; });
  });
}

Task<std::string> Run::why_stuck(const Instance& instance, const AppSpec& app) {
  AppTalk marathon = talk(instance.host, app);
  co_return co_await marathon.why_stuck(app.id, app.json);
}

std::string Run::how_app_is_again(const Begun& begun) {
  return begun.deployment.empty() ? "what ran before runs on, and the old files are back"
                                  : "the deployment was cancelled; Marathon goes back to what ran before";
}

void Run::tell_left(const Begun& begun, const AppSpec& app, Left& left) {
  if (begun.step->action != Action::deploy) return;
  if (!begun.error.empty()) {
    left.state = !begun.deployment.empty()           ? "Marathon has the new definition"
                 : begun.step->previous_name.empty() ? "nothing of it runs"
                                                     : "what ran before runs on";
    return;
  }
  left.state = "its deployment has ended, so that nothing was taken back: Marathon goes on with it";
  left.next = "repair the cause, then clusterctl up again; or clusterctl app remove " + shell_word(app.id);
}

}  // namespace cctl
