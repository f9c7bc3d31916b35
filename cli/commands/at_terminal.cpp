#include "commands/at_terminal.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <utility>

#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "commands/timings.hpp"
#include "commands/watcher.hpp"
#include "report/failure.hpp"
#include "report/run_json.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

// Standard output is the program's that reads JSON; who is to answer the question reads standard error.
void print_plan(const Plan& plan, const Options& options) {
  const int to = options.json() ? STDERR_FILENO : STDOUT_FILENO;
  const std::string text = plan_text(plan, look_of(to, options.color), plan_text_options(options));
  options.json() ? write_err(text) : write_out(text);
  flush_out();
}

// Ctrl-C ends the program at once while nothing is changed, and the step that is under way is finished afterwards.
class AtTerminal : public Watcher {
 public:
  AtTerminal(World& world, Progress& progress, std::stop_source& stop, std::function<std::string()> next)
      : Watcher(progress), world_(world), progress_(progress), stop_(stop), next_(std::move(next)) {
    world_.farewell = [] { tell("\ninterrupted; nothing was changed\n"); };
    world_.on_tick = [&] {
      if (const auto news = world_.unanswered(at_work()); !news.empty()) progress_.note(news);
      progress_.tick();
    };
  }
  ~AtTerminal() override { world_.on_tick = world_.farewell = world_.on_interrupt = {}; }
  AtTerminal(const AtTerminal&) = delete;
  AtTerminal& operator=(const AtTerminal&) = delete;

  void planned(const Plan& plan) override { print_plan(plan, world_.options()); }

  void change_begins() override {
    world_.on_interrupt = [this] {
      stop_.request_stop();
      progress_.note("stopping after the step that is under way; Ctrl-C again gives up at once");
    };
    world_.farewell = [this] {
      progress_.clear();
      const std::string left = under_way();
      tell("given up{}; next: {}\n", left.empty() ? "" : ", left half-way: " + left, next_());
    };
  }

  void change_ended() override {
    world_.on_interrupt = world_.farewell = {};
    progress_.clear();
  }

 private:
  World& world_;
  Progress& progress_;
  std::stop_source& stop_;
  std::function<std::string()> next_;
};

// The last line.
void tell_proof(const Proof& proof, const Options& options) {
  if (!options.json()) write_out(one_line(health_line(proof.status, look_of(STDOUT_FILENO, options.color))));
  if (proof.good) return;
  const Waiting& last = proof.last;
  tell("{}{} {}: {}; next: {}\n", last.component, last.host.empty() ? "" : " on " + last.host,
       proof.status.health == "unknown" ? "could not be asked" : "is not healthy", last.seen,
       next_command(options, "status"));
}

}  // namespace

std::string holder_line(const std::string& command) {
  char where[256] = "?";
  gethostname(where, sizeof where - 1);
  const passwd* user = getpwuid(getuid());
  return Lease::holder_line(user ? user->pw_name : "?", where, getpid(), command,
                            fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr))));
}

RunRequest request_for(const Options& options, const std::string& command, Sources sources) {
  RunRequest request;
  request.holder = holder_line(command);
  request.wanted = wanted_of(std::move(sources));
  request.limits = connect_limits(options);
  request.gate_limit = std::chrono::milliseconds(static_cast<long long>(options.timeout * 1000));
  return request;
}

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

int run_at_terminal(World& world, Progress& progress, const std::string& command, RunRequest request) {
  const Options& options = world.options();
  std::stop_source stop;
  request.stop = stop.get_token();
  request.plan = [&, plan = std::move(request.plan)](const Live& live) { return aimed_plan(plan(live), options); };
  request.after_change = [&, decide = std::move(request.after_change)](Report& report) {
    if (decide) decide(report);  // it may say what comes next
    aim_failures(report, options, request.next());
    tell_report(report, options);
  };
  AtTerminal listener(world, progress, stop, request.next);
  RunEnd end = world.run(carry_out(world.network(), world.clock(), listener, request));
  progress.clear();
  RunDocument done{command, end.cluster, request.wanted.file, end.report, static_cast<int>(end.exit()), {}};
  if (end.proof) {
    end.proof->status.took = world.took();
    aim_status(end.proof->status, options);
    tell_proof(*end.proof, options);
    done.health = std::move(end.proof->status);
  }
  if (options.json()) print_json(run_json_text(done));
  tell_timings(world);
  if (end.exit() == Exit::interrupted) tell("stopped; next: {}\n", request.next());
  return done.exit_code;
}

}  // namespace cctl
