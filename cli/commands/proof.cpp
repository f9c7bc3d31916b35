#include "commands/proof.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "model/report.hpp"
#include "plan/app_pulse.hpp"
#include "plan/select.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds between_looks{500};
constexpr milliseconds restarts_for{static_cast<long long>(kLongestUnsteady * 1000) + 15000};

milliseconds since(steady_clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

milliseconds patience(const Live& live, const Options& options) {
  std::chrono::seconds longest{0};
  for (const ComponentPlan& component : live.desired.components) longest = std::max(longest, component.gate_timeout);
  return options.timeout > 0 ? milliseconds(static_cast<long long>(options.timeout * 1000)) : milliseconds(longest);
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
Awaited awaited(const Status& status, const DiffOptions& chosen, milliseconds elapsed, milliseconds timeout) {
  for (const StatusInstance& i : status.instances) {
    if (i.health != "healthy" && is_chosen(chosen, i.host, i.component))
      return {i.host, i.component, "healthy", i.seen.empty() ? i.state : i.seen, elapsed, timeout};
  }
  return {"", "cluster", "healthy", status.wanting.empty() ? status.health : status.wanting.front(), elapsed, timeout};
}

}  // namespace

Proof prove_health(World& world, Live& live, const Plan& plan, Progress& progress) {
  const Options& options = world.options();
  const DiffOptions chosen = diff_options(options, live.desired);
  const auto waiting_since = steady_clock::now();
  const milliseconds timeout = patience(live, options);
  Plan rest;  // what is there now is what was applied; drift is not told in the last line
  rest.cluster = plan.cluster;
  rest.desired = live.desired;
  Status status = probe_status(world, live, rest);
  while (!good(status, chosen) && since(waiting_since) < timeout) {
    if (only_restarts(status, chosen) && since(waiting_since) > restarts_for) break;
    progress.waiting(awaited(status, chosen, since(waiting_since), timeout));
    world.run(world.clock().sleep(between_looks));
    observe_again(world, live);
    status = probe_status(world, live, rest);
  }
  progress.clear();
  status.took = since(world.began());
  if (!options.json()) write_out(one_line(health_line(status, look_of(STDOUT_FILENO, options.color))));
  if (good(status, chosen)) return {std::move(status), 0};
  const Awaited last = awaited(status, chosen, since(waiting_since), timeout);
  tell("{}{} {}: {}; next: {}\n", last.component, last.host.empty() ? "" : " on " + last.host,
       status.health == "unknown" ? "could not be asked" : "is not healthy", last.seen,
       next_command(options, "status"));
  return {std::move(status), static_cast<int>(Exit::timed_out)};
}

}  // namespace cctl
