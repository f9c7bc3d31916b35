#include "commands/run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "apply/apply.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/preflight.hpp"
#include "commands/proof.hpp"
#include "commands/target.hpp"
#include "commands/watcher.hpp"
#include "model/error.hpp"
#include "plan/shown.hpp"
#include "prepare/prepare.hpp"
#include "report/failure.hpp"
#include "report/run_json.hpp"

namespace cctl {
namespace {

// What moves on the terminal moves while the work does.
class Ticking {
 public:
  Ticking(World& world, Progress& progress) : world_(world) {
    world_.on_tick = [&progress] { progress.tick(); };
  }
  ~Ticking() { world_.on_tick = {}; }
  Ticking(const Ticking&) = delete;
  Ticking& operator=(const Ticking&) = delete;

 private:
  World& world_;
};

std::string holder_line(const std::string& command) {
  char where[256] = "?";
  gethostname(where, sizeof where - 1);
  const passwd* user = getpwuid(getuid());
  return Lease::holder_line(user ? user->pw_name : "?", where, getpid(), command,
                            fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr))));
}

// Standard output is the program's that reads JSON; who is to answer the question reads standard error.
void print_plan(const Plan& plan, const Options& options) {
  const int to = options.json() ? STDERR_FILENO : STDOUT_FILENO;
  const std::string text = plan_text(plan, look_of(to, options.color), plan_text_options(options));
  options.json() ? write_err(text) : write_out(text);
  flush_out();
}

// Error when the plan must not be carried out.
void check(const Plan& plan) {
  if (!plan.refusals.empty()) {
    throw Error("refused: " + plan.refusals.front().text + "; nothing was changed", plan.refusals.front().exit_code);
  }
}

// What an engine runs is known only once it answers: the preparations that bring one are a part of their own.
Plan engines_first(const Plan& plan, const Observed& observed) {
  Plan out = plan;
  const bool any = std::any_of(observed.hosts.begin(), observed.hosts.end(), [&](const auto& host) {
    return !host.second.engine_error.empty() && brings_engine(plan, host.first);
  });
  for (Wave& wave : out.waves)
    std::erase_if(wave.steps, [](const Step& s) { return s.action != Action::prepare && !brings_engine(s); });
  std::erase_if(out.waves, [&](const Wave& wave) { return !any || wave.steps.empty(); });
  return out;
}

bool is_pull(const Wave& wave) {
  return wave.steps.front().action == Action::pull;
}

// Which containers an image that is fetched anew concerns is known only once it is there: that is a part of its own,
// too.
Plan pulls_first(const Plan& plan, const Observed& observed) {
  Plan out = plan;
  const auto is_there = [&](const Step& step) {
    const auto host = observed.hosts.find(step.host);
    return host != observed.hosts.end() && host->second.images.count(step.image) > 0;
  };
  const bool any = std::any_of(plan.waves.begin(), plan.waves.end(), [&](const Wave& wave) {
    return is_pull(wave) && std::any_of(wave.steps.begin(), wave.steps.end(), is_there);
  });
  std::erase_if(out.waves, [&](const Wave& wave) { return !any || !is_pull(wave); });
  return out;
}

// --timeout
void limit_waits(const Options& options, Plan& plan) {
  if (options.timeout <= 0) return;
  for (Wave& wave : plan.waves) wave.timeout = std::chrono::seconds(static_cast<long long>(options.timeout));
}

// A later part of the same run.
void add(Report& report, Report later) {
  later.steps.insert(later.steps.begin(), report.steps.begin(), report.steps.end());
  later.took += report.took;
  report = std::move(later);
}

// What was shown may be done; another thing needs another question.
void check_still_shown(const Plan& plan, const Plan& shown, const std::string& what_happened,
                       const RunRequest& request) {
  if (const auto other = not_shown(plan, shown))
    throw Error(what_happened + ": " + *other + "; next: " + request.next() + ", which shows the new plan");
}

// A host that could be asked for the plan, and cannot be any more: what it would do there is a guess.
void check_still_seen(const Observed& now, const Observed& before) {
  for (const auto& [name, host] : now.hosts) {
    const auto then = before.hosts.find(name);
    if (host.reachable || then == before.hosts.end() || !then->second.reachable) continue;
    throw Error(why_absent(host) + "; nothing was changed", host.exit_code);
  }
}

// Everything after the question. The lease goes with the connections.
Report apply_under_lease(World& world, Live& live, Plan& plan, Progress& progress, const RunRequest& request) {
  const auto plan_now = [&] { return aimed_plan(request.plan(live), world.options()); };
  Lease lease;
  const std::string other =
      world.run(lease.take(live.hosts, live.sources.inventory.hosts, plan.cluster, holder_line(request.command)));
  if (!other.empty())
    throw Error("another run is under way: " + other + "; nothing was changed; wait for its end, or end it there", 5);
  const Observed before = live.observed;
  observe_again(world, live);
  check_still_seen(live.observed, before);
  const Plan shown = std::exchange(plan, plan_now());
  check(plan);
  check_still_shown(plan, shown, "the hosts changed after the plan was made, and nothing was changed", request);
  if (request.before_apply) request.before_apply();
  limit_waits(world.options(), plan);
  Watcher watcher(progress);
  std::stop_source stop;
  world.on_interrupt = [&] {
    stop.request_stop();
    progress.note("stopping after the step that is under way; Ctrl-C again gives up at once");
  };
  world.farewell = [&] {
    progress.clear();
    const std::string left = watcher.under_way();
    tell("given up{}; next: {}\n", left.empty() ? "" : ", left half-way: " + left, request.next());
  };
  const auto carry = [&](const Plan& part) {
    return world.run(apply(part, live.hosts, world.clock(), watcher, &lease, stop.get_token()));
  };
  Report report;
  if (const Plan first = engines_first(plan, live.observed); !first.nothing_to_do()) {
    report = carry(first);
    if (report.exit == Exit::ok) {
      observe_again(world, live);
      plan = plan_now();
      limit_waits(world.options(), plan);
      check(plan);
      check_still_shown(plan, shown, "the hosts are prepared, and what their engines run is known only now", request);
    }
  }
  if (const Plan first = pulls_first(plan, live.observed); report.exit == Exit::ok && !first.nothing_to_do()) {
    add(report, carry(first));
    if (report.exit == Exit::ok) {
      observe_again(world, live);
      plan = plan_now();
      limit_waits(world.options(), plan);
      std::erase_if(plan.waves, is_pull);
      if (const auto unseen = not_shown(plan, shown))
        throw Error("the images were fetched, and nothing else was changed: " + *unseen + "; next: " + request.next() +
                        ", which shows what that means",
                    static_cast<int>(Exit::needs_confirmation));
    }
  }
  if (report.exit == Exit::ok && !plan.nothing_to_do()) {
    add(report, carry(plan));
  }
  world.on_interrupt = {};
  world.farewell = {};
  return report;
}

}  // namespace

std::unique_ptr<Progress> progress_for(const Options& options) {
  const std::string mode = options.quiet > 0 ? "none" : progress_mode(options.progress, STDERR_FILENO);
  const auto sink = [events = mode == "json"](const std::string& text) {
    events ? write_event(text) : write_err(text);
    std::fflush(stderr);
  };
  return make_progress(mode, look_of(STDERR_FILENO, options.color), sink);
}

void tell_report(const Report& report, const Options& options) {
  write_err(report_text(report, look_of(STDERR_FILENO, options.color)),
            report.failures.empty() ? Kind::note : Kind::error);
}

int carry_out(World& world, Live& live, Progress& progress, const RunRequest& request) {
  const Options& options = world.options();
  const Ticking ticking(world, progress);
  world.farewell = [] { tell("\ninterrupted; nothing was changed\n"); };
  Plan plan = aimed_plan(request.plan(live), options);
  print_plan(plan, options);
  check(plan);
  preflight(world, live, plan, request.checks);
  Report report;
  if (!plan.nothing_to_do() && !request.confirm()) throw Error("cancelled; nothing was changed", 10);
  if (request.begins) request.begins();
  if (plan.nothing_to_do()) {
    if (request.before_apply) request.before_apply();
  } else {
    report = apply_under_lease(world, live, plan, progress, request);
    progress.clear();
    if (request.after_apply) request.after_apply(report);  // it may decide what comes next
    aim_failures(report, options, request.next());
    tell_report(report, options);
    if (report.exit == Exit::ok && request.ends_healthy) observe_again(world, live);
  }
  RunDocument done{
      request.command, plan.cluster, live.sources.inventory.file, report, static_cast<int>(report.exit), {}};
  if (report.exit == Exit::ok && request.ends_healthy) {
    Proof proof = prove_health(world, live, request.plan(live), progress);
    done.exit_code = proof.exit_code;
    done.health = std::move(proof.status);
  }
  if (options.json()) print_json(run_json_text(done));
  tell_timings(world);
  if (report.exit == Exit::interrupted) tell("stopped; next: {}\n", request.next());
  return done.exit_code;
}

}  // namespace cctl
