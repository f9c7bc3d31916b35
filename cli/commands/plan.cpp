// clusterctl plan: what up would do.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "commands/timings.hpp"
#include "commands/world.hpp"
#include "run/preflight.hpp"

namespace cctl {
namespace {

constexpr int changes_pending = 20;

struct PlanOptions {
  bool offline = false, detailed_exitcode = false, allow_downgrade = false, allow_task_loss = false, pull = false;
};

void print(const Plan& plan, const Options& options) {
  if (options.json()) {
    print_json(plan_json_text(plan));
  } else {
    write_out(plan_text(plan, look_of(STDOUT_FILENO, options.color), plan_text_options(options)));
  }
}

// Its own words, told again.
std::vector<std::string> words_of(const PlanOptions& wanted) {
  std::vector<std::string> out;
  if (wanted.allow_downgrade) out.emplace_back("--allow-downgrade");
  if (wanted.allow_task_loss) out.emplace_back("--allow-task-loss");
  if (wanted.pull) out.emplace_back("--pull");
  return out;
}

// A run that is under way changes what was looked at.
void tell_holders(Plan& plan, const Observed& observed) {
  std::set<std::string> told;
  for (const auto& [name, host] : observed.hosts)
    if (!host.holder.empty() && told.insert(host.holder).second)
      plan.warnings.push_back("another run is under way: " + host.holder + "; what it changes is not in this plan");
}

int run_plan(const Options& options, const PlanOptions& wanted) {
  Sources sources = load_sources(options);
  const auto how_for = [&](const Desired& desired) {
    DiffOptions how = diff_options(options, desired);
    how.offline = wanted.offline;
    how.allow_downgrade = wanted.allow_downgrade;
    how.allow_task_loss = wanted.allow_task_loss;
    how.pull = wanted.pull;
    return how;
  };
  const auto told = [&](const Plan& plan) {
    print(plan, options);
    if (!plan.refusals.empty()) return plan.refusals.front().exit_code;
    return wanted.detailed_exitcode && !plan.nothing_to_do() ? changes_pending : 0;
  };
  if (wanted.offline) {
    const Desired desired = expand_sources(sources, {});
    return told(diff(desired, {}, how_for(desired)));
  }
  World world(options);
  const Live live = world.run(connect(world.network(), wanted_of(std::move(sources)), connect_limits(options), true));
  Plan plan = aimed_plan(plan_of(live, how_for(live.desired)), options);
  tell_holders(plan, live.observed);
  const int code = told(plan);
  tell_timings(world);
  need_all(live, how_for(live.desired), with_limit(options, "plan", words_of(wanted)));
  need_engines(plan, live.observed);
  return code;
}

}  // namespace

void add_plan(Program& program) {
  const auto wanted = std::make_shared<PlanOptions>();
  program.add("plan", "show what up would do", [&program, wanted] { return run_plan(program.options, *wanted); })
      .inventory(program.options)
      .json()
      .flag("--offline", wanted->offline, "what a first up would do, without a connection")
      .flag("--detailed-exitcode", wanted->detailed_exitcode, "exit 20 when there is something to do")
      .flag("--allow-downgrade", wanted->allow_downgrade, "plan to lower a running version, too")
      .flag("--allow-task-loss", wanted->allow_task_loss, "go on although tasks would be lost")
      .flag("--pull", wanted->pull, "fetch images even where their tag is present");
}

}  // namespace cctl
