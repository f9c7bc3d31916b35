// Waiting for health: a member's, a component's, and calm before the next member's turn.
#include <algorithm>
#include <variant>

#include "apply/observe.hpp"
#include "apply/parallel.hpp"
#include "apply/run.hpp"
#include "model/joined.hpp"
#include "model/secrets.hpp"
#include "plan/health.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kFirstPause{100}, kLongestPause{1000};
// How long a member may be out for reasons of its ensemble's own: a Mesos leader's fail-over takes 9 to 12 s.
constexpr milliseconds kPatience{15000};

milliseconds longer(milliseconds pause) {
  return std::min(pause * 3 / 2, kLongestPause);
}

// What the first probe that fails asks for.
std::string wanted_of(const Instance& instance, const InstanceHealth& health) {
  for (std::size_t i = 0; i < health.probes.size() && i < instance.probes.size(); ++i) {
    if (health.probes[i].ok) continue;
    return instance.probes[i].name + ": " + expected(instance.probes[i]);
  }
  return instance.container() ? "the container to run" : "the host's engine to answer";
}

const InstanceHealth* find(const std::vector<InstanceHealth>& all, const Instance& instance) {
  for (const auto& health : all)
    if (health.host == instance.host && health.component == instance.component) return &health;
  return nullptr;
}

bool is_calm(const std::vector<Member>& members, const Wave& wave) {
  if (members.size() < 2) return true;  // nobody else's health decides about the only one
  const bool leader_last = wave.order == RollOrder::leader_last;
  if (!next_turn(members, wave.quorum, leader_last).refused.empty()) return false;
  const bool all_serve =
      std::all_of(members.begin(), members.end(), [](const Member& m) { return m.serving || !m.pending || m.empty; });
  const bool led = std::any_of(members.begin(), members.end(), [](const Member& m) { return m.leader; });
  return all_serve && (led || !leader_last);
}

}  // namespace

Task<std::vector<InstanceHealth>> Run::probe_for(const std::set<std::string>& components) {
  std::set<std::string> names = components;
  for (const auto& name : components)
    if (const auto* c = runs_.desired().component(name))
      for (const auto& verdict : c->health)
        if (!verdict.in_component.empty()) names.insert(verdict.in_component);
  std::vector<const Instance*> instances;
  for (const auto& i : runs_.desired().instances)
    if (names.count(i.component)) instances.push_back(&i);
  co_return co_await probe_some(hosts_, runs_.desired(), std::move(instances));
}

// Asks until everything holds, or until those that the step has begun will not run: their own crashes are not waited
// for. The others of a wave are, for a while.
Task<GateResult> Run::gate(GateAsk ask) {
  const auto from = clock_.now();
  AppWatches watches;
  Watch watch;
  for (const auto& [instance, anew] : ask.begun)
    watch[instance].crash = anew ? std::optional(CrashWatch{}) : std::nullopt;
  std::optional<milliseconds> hopeless_since;
  for (milliseconds pause = kFirstPause;; pause = longer(pause)) {
    GateResult result = co_await look(ask, watch);
    const auto elapsed = std::chrono::duration_cast<milliseconds>(clock_.now() - from);
    result.elapsed = std::min(elapsed, ask.timeout);
    if (!result.hopeless.empty() && !hopeless_since) hopeless_since = elapsed;
    const bool none_may_come = std::all_of(result.not_ready.begin(), result.not_ready.end(), [&](const Instance* i) {
      return result.hopeless.count(i) > 0 || !ask.begun.count(i);
    });
    if (elapsed >= std::min(kAppPatience, ask.timeout)) co_await explain(result);
    co_await watch_apps(ask, watches, elapsed, result);
    // What a program answers may be what it was given.
    for (auto& w : result.unmet) w.elapsed = elapsed, w.timeout = ask.timeout, w.seen = without_secrets(w.seen);
    const bool given_up = !result.hopeless.empty() && (none_may_come || elapsed - *hopeless_since >= kPatience);
    if (result.unmet.empty())
      result.gate = Gate::open;
    else if (lease_lost())
      result.gate = Gate::lost;
    else if (elapsed >= ask.timeout || !result.crashing.empty() || given_up)
      result.gate = Gate::shut;
    else if (ask.may_defer && elapsed >= kPatience)
      result.gate = Gate::deferred;
    else if (ask.may_stop && stop_.stop_requested())
      result.gate = Gate::stopped;
    else
      result.gate = Gate::waiting;
    if (result.gate != Gate::waiting) co_return result;
    for (const auto& w : result.unmet) listener_.waiting(w);
    co_await clock_.sleep(std::min(pause, ask.timeout - elapsed));
  }
}

// What keeps apps from running, in Marathon's words.
Task<void> Run::explain(GateResult& result) {
  for (const Instance* member : result.not_ready) {
    if (!member->app()) continue;
    const std::string why = co_await why_stuck(*member, *member->app());
    for (auto& w : result.unmet)
      if (!why.empty() && w.host == member->host && w.component == member->component) w.seen += "; " + why;
  }
}

Task<GateResult> Run::look(const GateAsk& ask, Watch& watch) {
  std::set<std::string> components(ask.components.begin(), ask.components.end());
  for (const auto* member : ask.members) components.insert(member->component);
  const std::vector<InstanceHealth> all = co_await probe_for(components);
  // Another program may answer on a member's port: its own container must run.
  std::vector<Doing> doings(ask.members.size());
  std::set<const Instance*> down, silent;
  const std::function<Task<void>(std::size_t)> inspect = [&](std::size_t i) -> Task<void> {
    const Instance& member = *ask.members[i];
    if (!member.container() && !member.probes.empty()) co_return;
    const auto found = watch.find(&member);
    Watched* watched = found == watch.end() ? nullptr : &found->second;
    doings[i] = co_await std::visit([&](const auto& kind) { return doing(member, kind, watched); }, member.resource);
    if (!doings[i].runs) (doings[i].known ? down : silent).insert(&member);
  };
  co_await for_all(ask.members.size(), ask.members.size(), inspect);
  GateResult out;
  bool wrong = false;  // something is known not to be as wanted
  for (std::size_t i = 0; i < ask.members.size(); ++i) {
    const Instance* member = ask.members[i];
    const InstanceHealth* health = find(all, *member);
    const bool ready = health && health->ready && !down.count(member) && !silent.count(member);
    std::string seen = health ? health->seen : "not connected";
    const Doing& does = doings[i];
    if (!ready && !does.seen.empty()) seen += (seen.empty() ? "" : "; ") + does.seen;
    out.seen[member] = seen;
    if (ready) continue;
    out.not_ready.insert(member);
    if (!does.hopeless.empty()) out.hopeless[member] = does.hopeless;
    const bool known = down.count(member) || (health && health->known && !(health->ready && silent.count(member)));
    if (known)
      wrong = true;
    else
      out.unknown.insert(member);
    Waiting w;
    w.host = member->host;
    w.component = member->component;
    w.wanted = health ? wanted_of(*runs_.desired().find(w.host, w.component), *health) : "a connection";
    w.seen = seen;
    out.unmet.push_back(std::move(w));
  }
  for (const auto& name : ask.components) {
    const ComponentHealth health = judge_component(runs_.desired(), *leg_.desired.component(name), all);
    if (health.holds) continue;
    if (health.unsure)
      out.unsure = true;
    else
      wrong = true;
    Waiting w;
    w.component = name;
    w.wanted = health.wanting.empty() ? "a majority to be ready" : joined(health.wanting, "; ");
    w.seen = std::to_string(health.ready) + " of " + std::to_string(health.members) + " ready";
    out.unmet.push_back(std::move(w));
  }
  out.unsure = !wrong && (out.unsure || !out.unknown.empty());
  co_return out;
}

// Settings of a host hold while its engine answers. One that does not with its new settings says enough of them.
Task<Doing> Run::engine_answers(const std::string& host) {
  Doing out;
  try {
    co_await engine(host).inspect("cctl-none");
    out.runs = true;
  } catch (const Unreachable& e) {
    out.known = false;
    out.seen = e.what();
  } catch (const Error& e) {
    out.seen = e.what();
  }
  co_return out;
}

Task<Standing> Run::standing(const std::string& component, const std::set<std::string>& pending) {
  std::set<std::string> names{component};
  const std::vector<InstanceHealth> all = co_await probe_for(names);
  Standing out;
  out.holds = judge_component(runs_.desired(), *leg_.desired.component(component), all).holds;
  for (const auto* instance : leg_.desired.of(component)) {
    const InstanceHealth* health = find(all, *instance);
    Member member;
    member.host = instance->host;
    member.serving = health && health->ready;
    member.known = !health || health->known;
    member.leader = health && health->ready && health->leader;
    member.pending = pending.count(instance->host) > 0;
    member.empty = member.pending && starts_empty(*instance);
    out.members.push_back(std::move(member));
  }
  co_return out;
}

bool Run::starts_empty(const Instance& instance) const {
  for (const auto& wave : leg_.waves)
    for (const auto& step : wave.steps)
      if (step.starts_empty && step.host == instance.host && step.component == instance.component) return true;
  return false;
}

// The members before the next turn. Those that are out for a moment (an election, a leader that moves) are waited for,
// so that nobody is stopped, or refused, because of it.
Task<Standing> Run::calm_standing(const Wave& wave, const std::set<std::string>& pending) {
  const auto from = clock_.now();
  for (milliseconds pause = kFirstPause;; pause = longer(pause)) {
    Standing now = co_await standing(wave.component, pending);
    const auto elapsed = std::chrono::duration_cast<milliseconds>(clock_.now() - from);
    if (is_calm(now.members, wave) || elapsed >= kPatience || stop_.stop_requested()) co_return now;
    Waiting w;
    w.component = wave.component;
    w.wanted = "calm before the next turn";
    for (const auto& m : now.members)
      if (!m.serving) w.seen += " " + m.host;
    w.seen = w.seen.empty() ? "no leader is known" : "not serving:" + w.seen;
    w.elapsed = elapsed;
    w.timeout = kPatience;
    listener_.waiting(w);
    co_await clock_.sleep(pause);
  }
}

// Which ensemble would be without its majority while everything on this host is down; empty: none.
Task<std::string> Run::majority_lost_with(const std::string& host) {
  for (const auto& component : leg_.desired.components) {
    if (!component.rollout.quorum || !leg_.desired.find(host, component.component)) continue;
    const std::set<std::string> pending{host};
    const Standing now = co_await standing(component.component, pending);
    const Turn turn = next_turn(now.members, true, false);
    if (!turn.refused.empty()) co_return component.component + ": " + turn.refused;
  }
  co_return "";
}

// Hosts on which a later wave changes the same component.
std::set<std::string> Run::changed_later(const Wave& wave) const {
  std::set<std::string> out;
  bool later = false;
  for (const auto& other : leg_.waves) {
    if (later && !wave.component.empty() && other.component == wave.component)
      for (const auto& step : other.steps) out.insert(step.host);
    later = later || &other == &wave;
  }
  return out;
}

}  // namespace cctl
