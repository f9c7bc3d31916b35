// clusterctl status: what is there beside what is wanted. Its exit code is the health: 0, 1, 2 or 3.
#include <fmt/format.h>
#include <unistd.h>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "commands/timings.hpp"
#include "commands/world.hpp"
#include "plan/select.hpp"
#include "run/live.hpp"

namespace cctl {
namespace {

int exit_of(const std::string& health) {
  if (health == "healthy") return 0;
  if (health == "degraded") return 1;
  return health == "down" ? 2 : 3;
}

// Only what --limit and --component name; the health stays that of the whole cluster.
void narrow(Status& status, const DiffOptions& chosen) {
  std::erase_if(status.hosts,
                [&](const StatusHost& h) { return !chosen.limit.empty() && !chosen.limit.count(h.name); });
  std::erase_if(status.instances, [&](const StatusInstance& i) { return !is_chosen(chosen, i.host, i.component); });
}

int run_status(const Options& options) {
  Sources sources = load_sources(options);
  World world(options);
  Live live = world.run(connect(world.network(), wanted_of(std::move(sources)), connect_limits(options), false));
  const Plan plan = diff(live.desired, live.observed, {});
  const Judged judged = world.run(judge_now(live));
  Status status = status_of(live, plan, judged);
  aim_status(status, options);
  narrow(status, diff_options(options, live.desired));
  status.took = world.took();
  if (options.json()) {
    print_json(status_json_text(status));
  } else {
    write_out(status_text(status, look_of(STDOUT_FILENO, options.color)));
  }
  tell_timings(world);
  return exit_of(status.health);
}

}  // namespace

void add_status(Program& program) {
  program
      .add("status", "what is there; exit 0 healthy, 1 degraded, 2 down, 3 unknown",
           [&program] { return run_status(program.options); })
      .inventory(program.options)
      .json();
}

}  // namespace cctl
