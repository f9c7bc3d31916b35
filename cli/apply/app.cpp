// Steps on apps.
#include <algorithm>

#include "apply/app_talk.hpp"
#include "apply/log.hpp"
#include "apply/run.hpp"
#include "plan/app_spec.hpp"

namespace cctl {
namespace {

constexpr std::chrono::milliseconds kRemoval{60000};

}  // namespace

AppTalk Run::talk(const std::string& host, const AppSpec& app) {
  return AppTalk(hosts_.at(host), app.addresses, app.port);
}

// What no slave could ever run is not told to Marathon at all.
Task<void> Run::deploy(Begun& begun) {
  const AppSpec& app = begun.instance->app;
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
Task<bool> Run::cancel(Begun& begun) {
  const bool back = begun.undo && !begun.undo->empty();
  co_await undo(begun);
  if (begun.deployment.empty()) co_return back;
  AppTalk marathon = talk(begun.step->host, begun.instance->app).patient(clock_);
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
    if (!member->app.used()) continue;
    AppWatch& watch = watches.try_emplace(member, ask.timeout).first->second;
    std::string trouble;
    try {
      AppTalk marathon = talk(member->host, member->app);
      const std::optional<AppState> now = co_await marathon.find(member->app.id);
      if (now) watch.look(*now, elapsed);
    } catch (const Error& e) {
      trouble = e.what();
    }
    if (watch.crashes()) {
      result.crashing.insert(member);
      const std::string why = co_await why_stuck(*member);
      AppTalk marathon = talk(member->host, member->app);
      std::string id = member->app.id;
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

// False: it waits for an app that has failed. One that fails stops nothing else.
bool Run::is_independent(const Wave& wave) {
  if (failed_.empty()) return true;
  const auto* component = plan_.desired.component(wave.component);
  bool waits = !component;
  if (component)
    for (const auto& other : component->needs) waits = waits || failed_.count(other) > 0;
  for (const auto* instance : plan_.desired.of(wave.component))
    for (const auto& other : app_dependencies(instance->app.json)) waits = waits || failed_.count(other) > 0;
  if (waits) failed_.insert(wave.component);
  return !waits;
}

Task<std::string> Run::why_stuck(const Instance& instance) {
  AppTalk marathon = talk(instance.host, instance.app);
  co_return co_await marathon.why_stuck(instance.app.id, instance.app.json);
}

}  // namespace cctl
