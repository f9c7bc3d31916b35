#include "run/run.hpp"

#include "apply/lease.hpp"
#include "apply/log.hpp"
#include "model/error.hpp"
#include "plan/shown.hpp"
#include "run/parts.hpp"
#include "run/preflight.hpp"

namespace cctl {
namespace {

void need_no_refusal(const Plan& plan) {
  if (plan.refusals.empty()) return;
  const Refusal& first = plan.refusals.front();
  throw Error("refused: " + first.text + "; nothing was changed", first.exit_code);
}

// A host that could be asked for the plan, and cannot be any more: what it would do there is a guess.
void need_still_seen(const Observed& now, const Observed& before) {
  for (const auto& [name, host] : now.hosts) {
    const auto then = before.hosts.find(name);
    if (host.reachable || then == before.hosts.end() || !then->second.reachable) continue;
    throw Error(why_absent(host) + "; nothing was changed", host.exit_code);
  }
}

// A later part of the same run.
void add(Report& report, Report later) {
  later.steps.insert(later.steps.begin(), report.steps.begin(), report.steps.end());
  later.took += report.took;
  report = std::move(later);
}

class WholeRun {
 public:
  WholeRun(Network& network, Clock& clock, RunListener& listener, const RunRequest& request)
      : network_(network), clock_(clock), listener_(listener), request_(request) {}

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
  Task<void> bring_engines();
  Task<void> fetch_images();
  Task<void> change();
  Task<void> tell_change();
  Task<void> prove();

  bool changes() const { return end_.report.exit == Exit::ok && !end_.plan.nothing_to_do(); }
  Plan plan_now() const;
  Task<void> carry(Leg part);
  Task<void> look_and_plan();
  // What was shown may be done; another thing needs another question.
  void need_shown(const std::string& what_happened) const;

  Network& network_;
  Clock& clock_;
  RunListener& listener_;
  const RunRequest& request_;
  Live live_;
  Lease lease_;
  Plan shown_;
  RunEnd end_;
};

const WholeRun::Phase WholeRun::kPhases[] = {
    {"connect and look", &WholeRun::connect_hosts, Phase::always},
    {"plan", &WholeRun::make_plan, Phase::always},
    {"check the hosts", &WholeRun::check_hosts, Phase::always},
    {"ask", &WholeRun::ask, Phase::always},
    {"take the lease", &WholeRun::take_lease, Phase::if_changes},
    {"look again", &WholeRun::look_under_lease, Phase::if_changes},
    {"begin", &WholeRun::prepare_change, Phase::always},
    {"bring engines", &WholeRun::bring_engines, Phase::if_changes},
    {"fetch images", &WholeRun::fetch_images, Phase::if_changes},
    {"change", &WholeRun::change, Phase::if_changes},
    {"tell", &WholeRun::tell_change, Phase::always},
    {"prove health", &WholeRun::prove, Phase::always},
};

Task<RunEnd> WholeRun::whole() {
  for (const Phase& phase : kPhases) {
    if (phase.when == Phase::if_changes && !changes()) continue;
    log_line("", std::string("phase: ") + phase.name);
    co_await (this->*phase.work)();
  }
  co_return std::move(end_);
}

Task<void> WholeRun::connect_hosts() {
  live_ = co_await connect(network_, request_.wanted, request_.limits, request_.prepares);
  end_.cluster = live_.desired.cluster;
  need_all(live_, request_.chosen(live_), request_.again);
  if (request_.needs) request_.needs(live_);
}

Task<void> WholeRun::make_plan() {
  end_.plan = plan_now();
  listener_.planned(end_.plan);
  need_no_refusal(end_.plan);
  co_return;
}

Task<void> WholeRun::check_hosts() {
  co_await preflight(live_, clock_, end_.plan, request_.checks);
}

Task<void> WholeRun::ask() {
  if (changes() && !request_.confirm(live_)) throw Error("cancelled; nothing was changed", 10);
  if (request_.begins) request_.begins(live_);
  co_return;
}

// It goes with the connections.
Task<void> WholeRun::take_lease() {
  std::string cluster = end_.plan.cluster, holder = request_.holder;
  const std::string other =
      co_await lease_.take(live_.hosts, request_.wanted.hosts, std::move(cluster), std::move(holder));
  if (!other.empty())
    throw Error("another run is under way: " + other + "; nothing was changed; wait for its end, or end it there", 5);
}

Task<void> WholeRun::look_under_lease() {
  const Observed before = live_.observed;
  shown_ = end_.plan;
  co_await look_again(live_);
  need_still_seen(live_.observed, before);
  end_.plan = plan_now();
  need_no_refusal(end_.plan);
  need_shown("the hosts changed after the plan was made, and nothing was changed");
}

Task<void> WholeRun::prepare_change() {
  if (request_.before_change) request_.before_change();
  if (changes()) listener_.change_begins();
  co_return;
}

Task<void> WholeRun::bring_engines() {
  Leg first = engines_first(end_.plan.first(), live_.observed);
  if (first.nothing_to_do()) co_return;
  co_await carry(std::move(first));
  if (end_.report.exit != Exit::ok) co_return;
  co_await look_and_plan();
  need_no_refusal(end_.plan);
  need_shown("the hosts are prepared, and what their engines run is known only now");
}

Task<void> WholeRun::fetch_images() {
  Leg first = pulls_first(end_.plan.first(), live_.observed);
  if (first.nothing_to_do()) co_return;
  co_await carry(std::move(first));
  if (end_.report.exit != Exit::ok) co_return;
  co_await look_and_plan();
  end_.plan.first() = without_first_pulls(std::move(end_.plan.first()));
  if (const auto unseen = not_shown(end_.plan, shown_))
    throw Error("the images were fetched, and nothing else was changed: " + *unseen + "; next: " + request_.next() +
                    ", which shows what that means",
                static_cast<int>(Exit::needs_confirmation));
}

Task<void> WholeRun::change() {
  co_await carry(end_.plan.first());
}

Task<void> WholeRun::tell_change() {
  if (shown_.nothing_to_do()) co_return;
  listener_.change_ended();
  if (request_.after_change) request_.after_change(end_.report);
}

Task<void> WholeRun::prove() {
  if (!request_.ends_healthy || end_.report.exit != Exit::ok) co_return;
  if (!shown_.nothing_to_do()) co_await look_again(live_);
  const DiffOptions chosen = request_.chosen(live_);
  end_.proof = co_await prove_health(live_, clock_, listener_, chosen, request_.gate_limit);
}

Plan WholeRun::plan_now() const {
  Plan plan = request_.plan(live_);
  plan.first().as_before = live_.as_before;
  limit_waits(plan, request_.gate_limit);
  return plan;
}

Task<void> WholeRun::carry(Leg part) {
  add(end_.report, co_await apply(part, live_.hosts, clock_, listener_, &lease_, request_.stop));
}

Task<void> WholeRun::look_and_plan() {
  co_await look_again(live_);
  end_.plan = plan_now();
}

void WholeRun::need_shown(const std::string& what_happened) const {
  if (const auto other = not_shown(end_.plan, shown_))
    throw Error(what_happened + ": " + *other + "; next: " + request_.next() + ", which shows the new plan");
}

}  // namespace

Exit RunEnd::exit() const {
  if (report.exit != Exit::ok) return report.exit;
  return proof && !proof->good ? Exit::timed_out : Exit::ok;
}

Task<RunEnd> carry_out(Network& network, Clock& clock, RunListener& listener, const RunRequest& request) {
  WholeRun run(network, clock, listener, request);
  co_return co_await run.whole();
}

}  // namespace cctl
