#include "apply/apply.hpp"

#include <algorithm>

#include "apply/guarded.hpp"
#include "apply/parallel.hpp"
#include "apply/run.hpp"
#include "model/secrets.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

// The worse of two ends: what needs a person's eye most.
int weight(Exit exit) {
  switch (exit) {
    case Exit::ok:
      return 0;
    case Exit::interrupted:
      return 1;
    case Exit::rolled_back:
      return 2;
    case Exit::timed_out:
      return 3;
    default:
      return 4;
  }
}

bool is_of_apps(const Wave& wave) {
  return !wave.steps.empty() && std::all_of(wave.steps.begin(), wave.steps.end(),
                                            [](const Step& step) { return step.action == Action::deploy; });
}

// Has its turn later, and is out until then; one that starts empty is missed by nobody.
bool is_broken(const Member& member) {
  return member.pending && !member.serving && member.known && !member.empty;
}

}  // namespace

Run::Run(const Leg& leg, Hosts& hosts, Clock& clock, Listener& listener, const Lease* lease, std::stop_token stop)
    : leg_(leg), hosts_(hosts), clock_(clock), listener_(listener), lease_(lease), stop_(std::move(stop)) {}

Task<Report> Run::execute() {
  const auto from = clock_.now();
  const bool asked = co_await can_ask();
  for (const auto& next : leg_.waves) {
    if (!asked || !may_begin()) break;
    const bool may = co_await is_independent(next);
    if (!may) continue;
    listener_.wave_started(next);
    const bool go_on = co_await wave(next);
    listener_.wave_ended(next);
    if (go_on) {
      apps_done_ = apps_done_ || is_of_apps(next);
      continue;
    }
    if (!is_of_apps(next)) break;
    failed_.insert(next.component);
  }
  if (!failed_.empty() && apps_done_ && report_.exit != Exit::refused) report_.exit = Exit::partial;
  skip_rest();
  tell_others();
  report_.took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - from);
  co_return std::move(report_);
}

Task<bool> Run::wave(const Wave& wave) {
  if (wave.steps.front().action == Action::pull) co_return co_await pulls(wave);
  if (wave.steps.front().action == Action::prepare && wave.order != RollOrder::parallel)
    co_return co_await prepare_in_turn(wave);
  bool done = false;
  if (wave.order == RollOrder::parallel)
    done = co_await parallel(wave);
  else
    done = co_await rolling(wave);
  if (!done) co_return false;
  co_return co_await last_gate(wave);
}

// All hosts at once; steps of one host in order.
Task<bool> Run::parallel(const Wave& wave) {
  const std::set<std::string> later = changed_later(wave);
  GateAsk ask;
  ask.timeout = wave.timeout;
  if (!wave.component.empty()) ask.components.push_back(wave.component);
  if (!later.empty()) {
    const auto [before, holds] = co_await standing(wave.component, later);
    ask.may_defer = std::any_of(before.begin(), before.end(), is_broken);
    // Those that start empty wait for these, and the whole is theirs to complete.
    if (std::any_of(before.begin(), before.end(), [](const Member& m) { return m.empty; })) ask.components.clear();
  }
  std::map<std::string, std::vector<Begun>> by_host;
  for (const auto& step : wave.steps) by_host[step.host].push_back(begun_of(step));
  std::vector<std::vector<Begun>*> rows;
  rows.reserve(by_host.size());
  for (auto& [host, steps] : by_host) rows.push_back(&steps);
  const std::function<Task<void>(std::size_t)> work = [&](std::size_t i) -> Task<void> {
    for (auto& step : *rows[i])
      if (may_begin()) co_await begin(step);
  };
  co_await for_all(rows.size(), rows.size(), work);
  std::vector<Begun> begun;
  for (auto* row : rows)
    for (auto& step : *row)
      if (touched_.count(step.step)) begun.push_back(std::move(step));
  // What was done early has not worked while the slowest did.
  for (auto& step : begun) step.since += clock_.now() - step.until;
  co_return co_await finish(begun, std::move(ask));
}

// One at a time, each time asking anew whose turn it is.
Task<bool> Run::rolling(const Wave& wave) {
  std::map<std::string, const Step*> pending;
  for (const auto& step : wave.steps) pending[step.host] = &step;
  while (!pending.empty()) {
    if (!may_begin()) co_return false;
    std::set<std::string> names;
    for (const auto& [host, step] : pending) names.insert(host);
    const auto [before, held] = co_await calm_standing(wave, names);
    Turn turn = next_turn(before, wave.quorum, wave.order == RollOrder::leader_last);
    const ComponentPlan* component = leg_.desired.component(wave.component);
    const bool is_service = component && component->service;
    if (is_service && turn.refused.empty()) turn.refused = co_await majority_lost_with(turn.host);
    if (!turn.refused.empty()) {
      report_.failures.push_back({"",
                                  wave.component,
                                  "was not changed further",
                                  "",
                                  turn.refused,
                                  {},
                                  "nothing was stopped",
                                  "repair what is not healthy, then run clusterctl up again"});
      why_skipped_ = turn.refused;
      end_with(Exit::refused);
      co_return false;
    }
    if (!may_begin()) co_return false;
    std::vector<Begun> begun{begun_of(*pending.at(turn.host))};
    pending.erase(turn.host);
    GateAsk ask;
    ask.timeout = wave.timeout;
    bool others_serve = true, all_served = true;
    for (const auto& m : before) {
      all_served = all_served && m.serving;
      if (m.host == turn.host) continue;
      others_serve = others_serve && m.serving;
      ask.may_defer = ask.may_defer || is_broken(m);
      // Who served before must serve again, whoever else is broken.
      if (m.serving) ask.members.push_back(leg_.desired.find(m.host, wave.component));
    }
    // A whole that was broken while every member served is not for one member to mend: the last gate asks for it.
    if (others_serve && (held || !all_served)) ask.components.push_back(wave.component);
    // Everything on the host depends on its service: the next host waits for all of it.
    if (is_service) ask.components = wave.gate;
    co_await begin(begun.front());
    const bool passed = co_await finish(begun, std::move(ask));
    if (!passed) co_return false;
  }
  co_return true;
}

// Waits for what was begun, keeps what passed and takes back what did not.
Task<bool> Run::finish(std::vector<Begun>& begun, GateAsk ask) {
  for (auto& b : begun)
    if (auto found = deferred_.find(b.step->component); found != deferred_.end()) {
      auto earlier = std::move(found->second);
      deferred_.erase(found);
      begun.insert(begun.end(), std::make_move_iterator(earlier.begin()), std::make_move_iterator(earlier.end()));
      break;
    }
  std::set<const Instance*> ours;
  bool any_error = false;
  for (const auto& b : begun) {
    any_error = any_error || !b.error.empty();
    if (b.error.empty() && b.instance && about(b.step->action).gated) ours.insert(b.instance);
  }
  GateResult result;
  const auto timeout = ask.timeout;
  if (!ours.empty()) {
    if (any_error) ask.components.clear(), ask.members.clear();
    ask.members.insert(ask.members.end(), ours.begin(), ours.end());
    for (const auto& b : begun)
      if (ours.count(b.instance)) ask.begun[b.instance] = about(b.step->action).anew;
    result = co_await gate(std::move(ask));
  }
  if (result.gate == Gate::lost)
    for (auto& b : begun)
      if (b.error.empty() && ours.count(b.instance)) b.error = LeaseLost().what();
  for (const auto& w : result.unmet) {
    const bool changed = std::any_of(ours.begin(), ours.end(), [&](const Instance* i) { return i->host == w.host; });
    if (!w.host.empty() && !changed) result.elsewhere += "; " + w.component + " on " + w.host + ": " + w.seen;
  }
  const bool ours_ready =
      std::none_of(ours.begin(), ours.end(), [&](auto* i) { return result.not_ready.count(i) > 0; });
  bool good = true;
  for (auto& b : begun) {
    const bool shut =
        result.gate == Gate::shut && ours.count(b.instance) && (ours_ready || result.not_ready.count(b.instance));
    if (b.instance && result.seen.count(b.instance)) b.seen = result.seen.at(b.instance);
    if (!b.error.empty() || shut) {
      co_await fail(b, result, timeout);
      good = false;
    } else if (result.gate == Gate::deferred && ours.count(b.instance)) {
      deferred_[b.step->component].push_back(std::move(b));
    } else {
      const bool kept = co_await settle(b);
      good = good && kept;
    }
  }
  co_return good;
}

// The components that depend on what changed; the wave's own once more.
Task<bool> Run::last_gate(const Wave& wave) {
  if (wave.gate.empty() || deferred_.count(wave.component)) co_return true;
  GateAsk ask;
  ask.components = wave.gate;
  ask.timeout = wave.timeout;
  ask.may_stop = true;
  for (const auto& name : wave.gate)
    if (const auto* c = leg_.desired.component(name))
      ask.timeout = std::max<std::chrono::milliseconds>(ask.timeout, c->gate_timeout);
  const GateResult result = co_await gate(std::move(ask));
  if (result.gate == Gate::open) co_return true;
  if (result.gate == Gate::stopped || result.gate == Gate::lost) co_return may_begin();
  for (const auto& w : result.unmet)
    report_.failures.push_back(
        {"",
         w.component,
         "did not become healthy in " + seconds(w.timeout) + " after " + wave.component + " changed",
         w.wanted,
         w.seen,
         {},
         "all members of " + wave.component + " are changed; nothing was put back",
         "clusterctl status, clusterctl logs " + shell_word(w.component) + ", then clusterctl up again"});
  why_skipped_ = "not begun: " + result.unmet.front().component + " is not healthy";
  end_with(Exit::timed_out);
  co_return false;
}

bool Run::may_begin() {
  if (stop_.stop_requested()) {
    why_skipped_ = "not begun: interrupted";
    end_with(Exit::interrupted);
    return false;
  }
  if (lease_lost()) {
    if (why_skipped_.empty())
      report_.failures.push_back({"",
                                  "",
                                  "the lease was lost",
                                  "",
                                  "the connection that held it is gone",
                                  {},
                                  "no further step was begun",
                                  "clusterctl up again"});
    why_skipped_ = "not begun: the lease was lost";
    end_with(changed_ ? Exit::partial : Exit::failed);
    return false;
  }
  return true;
}

// Who has no lease any more does not know what another run has made of the cluster since.
void Run::tell_others() {
  if (!lease_lost()) return;
  for (Failure& failure : report_.failures)
    failure.next =
        std::string("another run may have been at work since: look with clusterctl status, then clusterctl ") +
        (leg_.down ? "down" : "up") + " again goes on";
}

void Run::skip_rest() {
  for (const auto& [component, steps] : deferred_)
    for (const auto& b : steps) report(*b.step, Outcome::failed, "not yet healthy: " + b.seen, b.since);
  for (const auto& wave : leg_.waves)
    for (const auto& step : wave.steps)
      if (!touched_.count(&step)) {
        const auto waits = why_waits_.find(step.component);
        report(step, Outcome::skipped, waits == why_waits_.end() ? why_skipped_ : waits->second, clock_.now());
      }
}

Ledger& Run::ledger(const std::string& host) {
  return ledgers_.try_emplace(host, hosts_.at(host).shell(), leg_.desired, host).first->second;
}

Begun Run::begun_of(const Step& step) const {
  Begun out;
  out.step = &step;
  out.instance = leg_.desired.find(step.host, step.component);
  return out;
}

void Run::report(const Step& step, Outcome outcome, const std::string& text,
                 std::chrono::steady_clock::time_point since) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - since);
  report_.steps.push_back({step.host, step.component, to_text(step.action), outcome, without_secrets(text), took});
  listener_.step_ended(step, report_.steps.back());
}

void Run::end_with(Exit exit) {
  if (weight(exit) > weight(report_.exit)) report_.exit = exit;
}

Task<Report> apply(const Leg& leg, Hosts& hosts, Clock& clock, Listener& listener, const Lease* lease,
                   std::stop_token stop) {
  Hosts ours;
  if (lease) ours = guarded(hosts, *lease);
  Run run(leg, lease ? ours : hosts, clock, listener, lease, std::move(stop));
  Report report = co_await run.execute();
  co_return report;
}

}  // namespace cctl
