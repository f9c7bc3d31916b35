// clusterctl up: makes the hosts what the inventory says, after showing what it will do.
#include <memory>

#include "check/checks.hpp"
#include "commands/at_terminal.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/memory.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"

namespace cctl {
namespace {

struct UpOptions {
  bool allow_downgrade = false, allow_task_loss = false, pull = false;
  std::vector<std::string> skip_checks;
};

// Its other words, told again.
std::vector<std::string> words_of(const UpOptions& up) {
  std::vector<std::string> out;
  if (up.allow_downgrade) out.emplace_back("--allow-downgrade");
  if (up.allow_task_loss) out.emplace_back("--allow-task-loss");
  if (up.pull) out.emplace_back("--pull");
  for (const auto& check : up.skip_checks) out.insert(out.end(), {"--skip-check", check});
  return out;
}

int run_up(const Options& options, const UpOptions& up) {
  const auto checks = chosen_checks({}, up.skip_checks);
  Sources sources = load_sources(options);
  const std::string again = next_command(options, "up", words_of(up));
  need_said(options, again, sources);
  const std::string cluster = sources.inventory.cluster, file = sources.inventory.file;
  const auto progress = progress_for(options);
  World world(options);
  RunRequest request = request_for(options, "up", std::move(sources));
  request.prepares = true;
  request.chosen = [&](const Live& now) { return diff_options(options, now.desired); };
  request.again = with_limit(options, "up", words_of(up));
  request.checks = checks;
  request.plan = [&](const Live& now) {
    DiffOptions how = request.chosen(now);
    how.allow_downgrade = up.allow_downgrade;
    how.allow_task_loss = up.allow_task_loss;
    how.pull = up.pull;
    return plan_of(now, how);
  };
  request.confirm = [&](const Live&) {
    return ask_consent(world, "Apply to " + cluster_and_file(cluster, file) + "?", cluster, false);
  };
  request.begins = [&](const Live&) { remember_inventory(cluster, file); };
  request.next = [&] { return again; };
  return run_at_terminal(world, *progress, "up", request);
}

}  // namespace

void add_up(Program& program) {
  const auto up = std::make_shared<UpOptions>();
  program
      .add("up", "bring the cluster up, or change it to what the inventory says",
           [&program, up] { return run_up(program.options, *up); })
      .inventory(program.options)
      .json()
      .flag("--allow-downgrade", up->allow_downgrade, "lower a running version, too")
      .flag("--allow-task-loss", up->allow_task_loss, "go on although tasks would be lost")
      .flag("--pull", up->pull, "fetch images even where their tag is present")
      .list("--skip-check", up->skip_checks, "NAME,...", "go on without these checks; check --list names them");
}

}  // namespace cctl
