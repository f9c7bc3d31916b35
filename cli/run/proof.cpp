#include "run/proof.hpp"

#include <algorithm>
#include <optional>

#include "apply/app_talk.hpp"
#include "plan/app_pulse.hpp"
#include "plan/select.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{500};
constexpr milliseconds restarts_for{static_cast<long long>(kLongestUnsteady * 1000) + 15000};

milliseconds patience(const Live& live, milliseconds limit) {
  if (limit.count() > 0) return limit;
  std::chrono::seconds longest{0};
  for (const ComponentPlan& component : live.desired.components) longest = std::max(longest, component.gate_timeout);
  return longest;
}

// What is there was applied: what the run did not change, and nobody waits for, is told and decides nothing.
Plan without_steps(const Desired& desired) {
  Plan out;
  out.cluster = desired.cluster;
  out.first().desired = desired;
  return out;
}

bool good(const Status& status, const DiffOptions& chosen) {
  if (status.health == "healthy") return true;
  if (chosen.limit.empty() && chosen.components.empty()) return false;
  return std::all_of(status.instances.begin(), status.instances.end(), [&](const StatusInstance& i) {
    return i.health == "healthy" || !is_chosen(chosen, i.host, i.component);
  });
}

// An app that is not steady after that long restarts for ever; nothing else is waited for.
bool only_restarts(const Status& status, const DiffOptions& chosen) {
  const auto restarts = [](const StatusInstance& i) { return i.state == "restarting"; };
  if (std::none_of(status.instances.begin(), status.instances.end(), restarts)) return false;
  return std::all_of(status.instances.begin(), status.instances.end(), [&](const StatusInstance& i) {
    return i.health == "healthy" || restarts(i) || !is_chosen(chosen, i.host, i.component);
  });
}

// The first thing that is not as it should be.
Waiting awaited(const Status& status, const DiffOptions& chosen, milliseconds elapsed, milliseconds timeout) {
  for (const StatusInstance& i : status.instances) {
    if (i.health != "healthy" && is_chosen(chosen, i.host, i.component))
      return {i.host, i.component, "healthy", i.seen.empty() ? i.state : i.seen, elapsed, timeout};
  }
  return {"", "cluster", "healthy", status.wanting.empty() ? status.health : status.wanting.front(), elapsed, timeout};
}

// The first app that has not run for long enough to be believed; nothing: all have. They are watched together.
Task<std::optional<Waiting>> unproven(Live& live, const DiffOptions& chosen) {
  std::optional<Waiting> out;
  for (const Instance& i : live.desired.instances) {
    const auto* app = i.app();
    if (!app || !is_chosen(chosen, i.host, i.component) || !live.hosts.door(i.host)) continue;
    AppTalk talk(live.hosts.at(i.host), app->addresses, app->port);
    std::string id = app->id;
    std::optional<AppState> now;
    try {
      now = co_await talk.find(std::move(id));
    } catch (const Error&) {
      // Whether it is there is told by its probes.
    }
    const double rest = now ? still_to_run(*now) : 0;
    if (rest == 0) continue;
    Waiting w;
    w.host = i.host, w.component = i.component;
    w.wanted = "its tasks to run for " + std::to_string(static_cast<int>(kProven)) + " s";
    w.seen = "they do, and nothing checks their health";
    out = std::move(w);
    break;
  }
  co_return out;
}

}  // namespace

Task<Proof> prove_health(Live& live, Clock& clock, Listener& listener, const DiffOptions& chosen, milliseconds limit) {
  const auto began = clock.now();
  const auto elapsed = [&] { return std::chrono::duration_cast<milliseconds>(clock.now() - began); };
  const milliseconds timeout = patience(live, limit);
  Proof proof;
  while (true) {
    const Plan rest = diff(live.desired, live.observed, {});
    const Judged judged = co_await judge_now(live);
    proof.status = status_of(live, rest, judged);
    const Status applied = status_of(live, without_steps(live.desired), judged);
    proof.good = good(applied, chosen);
    std::optional<Waiting> young;
    if (proof.good && elapsed() < timeout) young = co_await unproven(live, chosen);
    if (proof.good && !young) break;
    proof.last = young ? *young : awaited(applied, chosen, elapsed(), timeout);
    proof.last.elapsed = elapsed(), proof.last.timeout = timeout;
    if (elapsed() >= timeout || (only_restarts(applied, chosen) && elapsed() > restarts_for)) break;
    listener.waiting(proof.last);
    co_await clock.sleep(between_looks);
    co_await look_again(live);
  }
  co_return proof;
}

}  // namespace cctl
