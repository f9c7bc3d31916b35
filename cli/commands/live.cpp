#include "commands/live.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "apply/observe.hpp"
#include "apply/prepare.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/preflight.hpp"
#include "model/error.hpp"
#include "model/report.hpp"
#include "model/shell_words.hpp"
#include "plan/app_pulse.hpp"
#include "plan/expand_apps.hpp"
#include "plan/health.hpp"
#include "prepare/prepare.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {

Live connect(World& world, Sources sources, bool wants_facts) {
  Live live;
  live.wants_facts = wants_facts && sources.inventory.prepare.any();
  live.sources = std::move(sources);
  ConnectLimits limits;
  limits.at_once = static_cast<std::size_t>(world.options().concurrency);
  limits.timeout = std::chrono::milliseconds(static_cast<long long>(world.options().ssh_timeout * 1000));
  live.hosts = world.run(connect_all(world.network(), live.sources.inventory.hosts, limits));
  observe_again(world, live);
  return live;
}

void observe_again(World& world, Live& live) {
  // The first expand only says where to look; ids found on disks may change what is wanted.
  std::set<std::string> unreachable;
  for (const auto& [host, why] : live.hosts.unreachable()) unreachable.insert(host);
  Desired draft = expand_sources(live.sources, {});
  move_apps(draft, unreachable);
  const auto ids = id_paths(live.sources);
  live.observed = world.run(observe_all(live.hosts, draft, ids));
  const KnownIds found = {found_ids(live.observed, ids), given_ids(live.observed)};
  live.desired = found.empty() ? draft : expand_sources(live.sources, found);
  move_apps(live.desired, unreachable);
  const Inventory& inventory = live.sources.inventory;
  if (live.wants_facts)
    live.facts = world.run(ask_facts(live.hosts, inventory.prepare, inventory.hosts, live.observed));
}

Plan plan_of(const Live& live, const DiffOptions& how) {
  Plan plan = diff(live.desired, live.observed, how);
  auto facts = live.facts;
  std::erase_if(facts, [&](const auto& f) { return !how.limit.empty() && !how.limit.count(f.first); });
  if (live.wants_facts) add_preparation(plan, live.sources.inventory.prepare, facts);
  for (const auto& [name, host] : live.observed.hosts)
    if (host.reachable && !host.engine_error.empty() && !brings_engine(plan, name))
      plan.warnings.push_back(no_engine(host));
  return plan;
}

Status probe_status(World& world, Live& live, const Plan& plan) {
  std::vector<InstanceHealth> instances = world.run(probe_all(live.hosts, live.desired));
  hold_against_containers(instances, live.desired, live.observed);
  hold_against_pulses(instances, live.desired, live.observed);
  std::vector<ComponentHealth> components;
  for (const ComponentPlan& component : live.desired.components) {
    components.push_back(judge_component(live.desired, component, instances));
  }
  const Health health = judge_cluster(live.desired, components, live.observed);
  return make_status(plan, live.observed, instances, components, to_text(health));
}

namespace {

// Hosts of a sandbox are containers of this machine, which end with it.
std::string of_sandbox(const std::string& inventory, int exit_code) {
  std::error_code failed;
  const std::string dir = std::filesystem::absolute(inventory, failed).parent_path().string();
  if (failed || exit_code != static_cast<int>(Exit::unreachable) ||
      !std::filesystem::exists(dir + "/sandbox.json", failed))
    return "";
  return "these are hosts of a sandbox: clusterctl sandbox up --dir " + shell_word(dir) +
         " starts those that have ended; ";
}

}  // namespace

void need_all(const Live& live, const DiffOptions& chosen, const Again& again) {
  const Absent away = absent(live.desired, live.observed, chosen);
  if (away.text.empty()) return;
  throw Error(away.text + "nothing was changed; " + of_sandbox(live.sources.inventory.file, away.exit_code) +
                  way_on(away, again),
              away.exit_code);
}

void tell_timings(World& world) {
  if (!world.options().timings) return;
  std::vector<Row> rows = {
      {{"HOST"}, {"LOGIN"}, {"CONNECTIONS"}, {"ROUND TRIPS"}, {"COMMANDS"}, {"HTTP"}, {"CHANNELS"}, {"IN"}, {"OUT"}}};
  for (const auto& [host, t] : world.network().traffic()) {
    rows.push_back({{host},
                    {duration(t.login)},
                    {std::to_string(t.tcp_connections)},
                    {std::to_string(t.exchanges)},
                    {std::to_string(t.execs)},
                    {std::to_string(t.http_requests)},
                    {std::to_string(t.channels)},
                    {bytes(static_cast<long long>(t.bytes_in))},
                    {bytes(static_cast<long long>(t.bytes_out))}});
  }
  write_err(table(rows, look_of(STDERR_FILENO, world.options().color)));
}

}  // namespace cctl
