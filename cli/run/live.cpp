#include "run/live.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "apply/parallel.hpp"
#include "model/error.hpp"
#include "model/report.hpp"
#include "model/shell_words.hpp"
#include "plan/app_pulse.hpp"
#include "plan/expand_apps.hpp"
#include "plan/later_legs.hpp"
#include "plan/our_containers.hpp"
#include "prepare/preparation.hpp"
#include "run/preflight.hpp"

namespace cctl {
namespace {

// With apps asked about from hosts that are there.
void expand_all(Live& live, const KnownIds& ids) {
  std::set<std::string> unreachable;
  for (const auto& [host, why] : live.hosts.absent()) unreachable.insert(host);
  live.later.clear();
  for (const WantedState& state : live.wanted.way) {
    Desired desired = state.expand(ids);
    move_apps(desired, unreachable);
    if (&state == &live.wanted.way.front())
      live.desired = std::move(desired);
    else
      live.later.push_back(std::move(desired));
  }
}

// All that a plan of the whole way has to know of the hosts.
Desired to_look_at(const Live& live) {
  Desired out = live.desired;
  for (const Desired& later : live.later) {
    for (const Host& host : later.hosts)
      if (std::none_of(out.hosts.begin(), out.hosts.end(), [&](const Host& h) { return h.name == host.name; }))
        out.hosts.push_back(host);
    out.instances.insert(out.instances.end(), later.instances.begin(), later.instances.end());
  }
  return out;
}

}  // namespace

Task<Live> connect(Network& network, WantedCluster wanted, ConnectLimits limits, bool prepares) {
  Live live;
  live.wanted = std::move(wanted);
  if (!prepares) live.wanted.prepare = {};
  live.hosts = co_await connect_all(network, live.wanted.hosts, limits);
  expand_all(live, {});  // says where to look
  co_await look_again(live);
  co_return live;
}

Task<void> look_again(Live& live) {
  // Where to look does not hang on the ids that are found there.
  const AlsoAsked also{live.wanted.prepare, live.wanted.checks};
  std::optional<Desired> all;
  if (!live.later.empty()) all = to_look_at(live);
  Looks looks = co_await observe_all(live.hosts, all ? *all : live.desired, live.wanted.id_paths, also);
  live.observed = std::move(looks.observed);
  live.facts = std::move(looks.facts);
  const KnownIds found = {found_ids(live.observed, live.wanted.id_paths), given_ids(live.observed)};
  expand_all(live, found);
  live.as_before = live.wanted.way.front().with_ports(found, old_ports(live.desired, live.observed));
}

void go_on(Live& live) {
  live.wanted.way.erase(live.wanted.way.begin());
}

Plan plan_of(const Live& live, const DiffOptions& how) {
  Plan plan = diff(live.desired, live.observed, how);
  plan.legs.resize(live.wanted.way.size());
  for (std::size_t i = 0; i < plan.legs.size(); ++i) {
    Leg& leg = plan.legs[i];
    leg.title = live.wanted.way[i].title, leg.reason = live.wanted.way[i].reason;
    if (i > 0) leg.desired = live.later[i - 1];
  }
  auto facts = live.facts;
  std::erase_if(facts, [&](const auto& f) { return !how.limit.empty() && !how.limit.count(f.first); });
  if (live.wanted.prepare.any()) add_preparation(plan, live.wanted.prepare, facts);
  diff_later(plan, live.observed, how);
  for (const auto& [name, host] : live.observed.hosts)
    if (host.reachable && !host.engine_error.empty() && !brings_engine(plan.first(), name))
      plan.warnings.push_back(no_engine(host));
  return plan;
}

namespace {

// The container of a member that does not answer, where the engine lists it as running; null: it does not.
ObservedContainer* listed_as_running(Live& live, const InstanceHealth& health) {
  const Instance* instance = live.desired.find(health.host, health.component);
  if (health.ready || !health.known || !instance || !instance->container() || !live.hosts.door(health.host))
    return nullptr;
  auto& all = live.observed.hosts[health.host].containers;
  const auto found = std::find_if(all.begin(), all.end(), [&](const ObservedContainer& c) {
    return c.name == instance->container()->spec.name && c.state == "running" && is_ours(c, live.desired.cluster);
  });
  return found == all.end() ? nullptr : &*found;
}

// An engine whose disk was full lists one that has ended: each of those is asked about by itself.
Task<void> look_closer(Live& live, std::vector<InstanceHealth>& instances) {
  const std::function<Task<void>(std::size_t)> look = [&](std::size_t i) -> Task<void> {
    InstanceHealth& health = instances[i];
    ObservedContainer* listed = listed_as_running(live, health);
    if (!listed) co_return;
    try {
      std::string id = listed->id;
      const ContainerInfo info = co_await live.hosts.at(health.host).engine().inspect(std::move(id));
      if (info.state != "exited" && info.state != "dead") co_return;
      health.seen += (health.seen.empty() ? "it ended" : "; it ended") + std::string(" with exit code ") +
                     std::to_string(info.exit_code) + ", though the engine lists it as running: " +
                     docker_line(live.observed.hosts[health.host].docker_host, {"start", listed->name}) + " on " +
                     health.host;
      listed->state = info.state;
    } catch (const Error&) {
      // What the list says must do.
    }
  };
  co_await for_all(instances.size(), instances.size(), look);
}

}  // namespace

Task<Judged> judge_now(Live& live) {
  Judged out;
  out.instances = co_await probe_all(live.hosts, live.desired);
  co_await look_closer(live, out.instances);
  hold_against_containers(out.instances, live.desired, live.observed);
  hold_against_pulses(out.instances, live.desired, live.observed);
  for (const ComponentPlan& component : live.desired.components)
    out.components.push_back(judge_component(live.desired, component, out.instances));
  out.health = judge_cluster(live.desired, out.components, live.observed);
  co_return out;
}

Status status_of(const Live& live, const Plan& plan, const Judged& judged) {
  return make_status(plan, live.observed, judged.instances, judged.components, to_text(judged.health));
}

void need_all(const Live& live, const DiffOptions& chosen, const Again& again) {
  const Absent away = absent(live.desired, live.observed, chosen);
  if (away.text.empty()) return;
  const bool ended = away.kinds.count(Absence::away) > 0 && !live.wanted.revived_by.empty();
  const std::string revive =
      ended ? "these are hosts of a sandbox: " + live.wanted.revived_by + " starts those that have ended; " : "";
  throw Error(away.text + "nothing was changed; " + revive + way_on(away, again), away.exit_code);
}

}  // namespace cctl
