#include "run/run.hpp"

#include "apply/log.hpp"
#include "model/error.hpp"
#include "plan/absent.hpp"
#include "plan/shown.hpp"
#include "run/legs.hpp"
#include "run/parts.hpp"
#include "run/preflight.hpp"
#include "run/underway.hpp"

namespace cctl {

Plan plan_now(const Underway& run) {
  Plan plan = run.request.plan(run.live);
  plan.first().as_before = run.live.as_before;
  limit_waits(plan, run.request.gate_limit);
  return plan;
}

void need_no_refusal(const Plan& plan, const std::string& left) {
  if (plan.refusals.empty()) return;
  const Refusal& first = plan.refusals.front();
  throw Error("refused: " + first.text + "; " + left, first.exit_code);
}

void need_still_seen(Underway& run, const Observed& before, const std::string& left) {
  Observed lost;
  for (const auto& [name, host] : run.live.observed.hosts)
    if (const auto then = before.hosts.find(name);
        !host.reachable && then != before.hosts.end() && then->second.reachable)
      lost.hosts.emplace(name, host);
  const Absent away = absent(run.live.desired, lost, run.request.chosen(run.live));
  if (!away.text.empty()) throw Error(away.text + left + "; " + way_on(away, run.request.again), away.exit_code);
  // Nobody needs those that --limit leaves out: from now on they count as if they had been off from the start.
  for (const auto& [name, host] : lost.hosts)
    run.live.hosts.leave(name, {Error(host.error, host.exit_code), host.absence});
}

namespace {

const std::string kUnchanged = "nothing was changed";

class WholeRun {
 public:
  explicit WholeRun(Underway& run) : run_(run) {}

  Task<RunEnd> whole();

 private:
  struct Phase {
    const char* name;
    Task<void> (WholeRun::*work)();
    enum { always, if_changes } when;
  };
  static const Phase kPhases[];

  Task<void> connect_hosts();
  Task<void> make_plan();
  Task<void> check_hosts();
  Task<void> ask();
  Task<void> take_lease();
  Task<void> look_under_lease();
  Task<void> prepare_change();
  Task<void> change();
  Task<void> tell_change();
  Task<void> prove();

  Underway& run_;
};

const WholeRun::Phase WholeRun::kPhases[] = {
    {"connect and look", &WholeRun::connect_hosts, Phase::always},
    {"plan", &WholeRun::make_plan, Phase::always},
    {"check the hosts", &WholeRun::check_hosts, Phase::always},
    {"ask", &WholeRun::ask, Phase::always},
    {"take the lease", &WholeRun::take_lease, Phase::if_changes},
    {"look again", &WholeRun::look_under_lease, Phase::if_changes},
    {"begin", &WholeRun::prepare_change, Phase::always},
    {"change, leg by leg", &WholeRun::change, Phase::if_changes},
    {"tell", &WholeRun::tell_change, Phase::always},
    {"prove health", &WholeRun::prove, Phase::always},
};

Task<RunEnd> WholeRun::whole() {
  for (const Phase& phase : kPhases) {
    if (phase.when == Phase::if_changes && !run_.changes()) continue;
    log_line("", std::string("phase: ") + phase.name);
    co_await (this->*phase.work)();
  }
  co_return std::move(run_.end);
}

Task<void> WholeRun::connect_hosts() {
  const RunRequest& request = run_.request;
  run_.live = co_await connect(run_.network, request.wanted, request.limits, request.prepares);
  run_.end.cluster = run_.live.desired.cluster;
  need_all(run_.live, request.chosen(run_.live), request.again);
  if (request.needs) request.needs(run_.live);
}

Task<void> WholeRun::make_plan() {
  run_.end.plan = plan_now(run_);
  run_.listener.planned(run_.end.plan);
  need_no_refusal(run_.end.plan, kUnchanged);
  co_return;
}

Task<void> WholeRun::check_hosts() {
  co_await preflight(run_.live, run_.clock, run_.end.plan, run_.request.checks);
}

Task<void> WholeRun::ask() {
  if (run_.changes() && !run_.request.confirm(run_.live)) throw Error("cancelled; " + kUnchanged, 10);
  if (run_.request.begins) run_.request.begins(run_.live);
  co_return;
}

// It goes with the connections.
Task<void> WholeRun::take_lease() {
  std::string cluster = run_.end.plan.cluster, holder = run_.request.holder;
  const std::string other =
      co_await run_.lease.take(run_.live.hosts, run_.request.wanted.hosts, std::move(cluster), std::move(holder));
  if (!other.empty())
    throw Error("another run is under way: " + other + "; " + kUnchanged + "; wait for its end, or end it there", 5);
}

Task<void> WholeRun::look_under_lease() {
  const Observed before = run_.live.observed;
  run_.shown = run_.end.plan;
  co_await look_again(run_.live);
  need_still_seen(run_, before, kUnchanged);
  run_.end.plan = plan_now(run_);
  need_no_refusal(run_.end.plan, kUnchanged);
  if (const auto other = not_shown(run_.end.plan, run_.shown))
    throw Error("the hosts changed after the plan was made, and " + kUnchanged + ": " + *other +
                "; next: " + run_.request.next() + ", which shows the new plan");
}

Task<void> WholeRun::prepare_change() {
  if (run_.request.before_change) run_.request.before_change();
  if (run_.changes()) run_.listener.change_begins();
  co_return;
}

Task<void> WholeRun::change() {
  co_await go_legs(run_);
}

Task<void> WholeRun::tell_change() {
  if (run_.shown.nothing_to_do()) co_return;
  run_.listener.change_ended();
  if (run_.request.after_change) run_.request.after_change(run_.end.report);
}

Task<void> WholeRun::prove() {
  if (!run_.request.ends_healthy || run_.end.report.exit != Exit::ok) co_return;
  if (!run_.shown.nothing_to_do()) co_await look_again(run_.live);
  const DiffOptions chosen = run_.request.chosen(run_.live);
  run_.end.proof = co_await prove_health(run_.live, run_.clock, run_.listener, chosen, run_.request.gate_limit);
}

}  // namespace

Exit RunEnd::exit() const {
  if (report.exit != Exit::ok) return report.exit;
  return proof && !proof->good ? Exit::timed_out : Exit::ok;
}

Task<RunEnd> carry_out(Network& network, Clock& clock, RunListener& listener, const RunRequest& request) {
  Underway run{network, clock, listener, request};
  WholeRun whole(run);
  co_return co_await whole.whole();
}

}  // namespace cctl
