#include "report/status.hpp"

#include <algorithm>

#include "report/words.hpp"

namespace cctl {
namespace {

const ObservedContainer* container_of(const ObservedHost& host, const Instance& instance) {
  if (!instance.has_container()) return nullptr;
  for (const ObservedContainer& container : host.containers) {
    if (container.name == instance.container.name) return &container;
  }
  return nullptr;
}

const InstanceHealth* health_of(const std::vector<InstanceHealth>& all, const Instance& instance) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const InstanceHealth& health) {
    return health.host == instance.host && health.component == instance.component;
  });
  return at == all.end() ? nullptr : &*at;
}

const Step* step_of(const Plan& plan, const Instance& instance) {
  for (const Wave& wave : plan.waves) {
    for (const Step& step : wave.steps) {
      if (step.host == instance.host && step.component == instance.component && step.action != Action::pull)
        return &step;
    }
  }
  return nullptr;
}

// Settings that were made once and differ now are drift; those that were never made are missing.
bool was_set(const Step& step, const ObservedHost& host) {
  return std::all_of(step.files.begin(), step.files.end(), [&](const FileChange& change) {
    return change.exists && host.manifest.files.count(change.wanted.path) > 0;
  });
}

StatusInstance status_of(const Plan& plan, const Instance& instance, const Observed& observed,
                         const std::vector<InstanceHealth>& healths) {
  StatusInstance out;
  out.host = instance.host;
  out.component = instance.component;
  out.wanted_version = instance.version;
  const auto host = observed.hosts.find(instance.host);
  if (host == observed.hosts.end() || !host->second.reachable) {
    out.state = out.health = "unknown";
    return out;
  }
  if (instance.has_container() && !host->second.engine_error.empty()) {
    out.state = out.health = "unknown";
    out.seen = host->second.engine_error;
    return out;
  }
  out.health = "unhealthy";
  out.state = "missing";
  const Step* step = step_of(plan, instance);
  if (step) out.drift = step->reason;
  if (const ObservedContainer* container = container_of(host->second, instance)) {
    out.version = container->get(label::version);
    out.image = container->image;
    out.state = container->state;
    out.since = age(container->since);
    out.standin = !container->get(label::stand_in).empty();
  }
  if (!instance.has_container()) {
    // Settings of a host are there when no step would change them; Marathon knows whether an app is.
    const auto app = host->second.apps.find(instance.app.id);
    const bool there = instance.app.used() ? app != host->second.apps.end() && app->second.exists
                                           : step == nullptr || was_set(*step, host->second);
    out.state = there ? instance.app.used() ? "running" : "set" : "missing";
    if (there && instance.app.used()) {
      out.image = app->second.image;
      out.version = app->second.version;
    }
    // It may run, but nobody answers for it.
    if (!there && step && step->action == Action::deploy && !step->previous_name.empty())
      out.state = out.health = "unknown";
  }
  if (const InstanceHealth* health = health_of(healths, instance)) {
    if (health->ready && (out.state == "running" || out.state == "set")) out.health = "healthy";
    out.leader = health->leader;
    out.probes = health->probes;
    if (!health->ready) out.seen = health->seen;
  }
  return out;
}

}  // namespace

Status make_status(const Plan& plan, const Observed& observed, const std::vector<InstanceHealth>& instances,
                   const std::vector<ComponentHealth>& components, const std::string& health) {
  Status out;
  out.cluster = plan.cluster;
  out.inventory = plan.desired.inventory_file;
  out.health = health;
  out.strays = plan.strays;
  for (const Host& host : plan.desired.hosts) {
    const auto at = observed.hosts.find(host.name);
    const bool reachable = at != observed.hosts.end() && at->second.reachable;
    out.hosts.push_back(
        {host.name, host.address, at == observed.hosts.end() ? "not observed" : at->second.error, reachable});
    for (const Instance& instance : plan.desired.instances) {
      if (instance.host == host.name) out.instances.push_back(status_of(plan, instance, observed, instances));
    }
  }
  // What has no container counts for no component's health, and is wanted all the same.
  const bool lacking = std::any_of(out.instances.begin(), out.instances.end(),
                                   [](const StatusInstance& i) { return i.state == "missing"; });
  if (lacking && out.health == "healthy") out.health = "degraded";
  for (const ComponentPlan& component : plan.desired.components) {
    const auto at = std::find_if(components.begin(), components.end(),
                                 [&](const ComponentHealth& c) { return c.component == component.component; });
    if (at == components.end()) continue;
    const std::string title = component.version_key.empty() ? component.component : component.version_key;
    if (component.rollout.quorum)
      out.ensembles.push_back(
          {component.component, title, at->members, at->ready, at->tolerates, at->led || at->asked < at->members});
    for (const std::string& text : at->wanting) out.wanting.push_back(component.component + ": " + text);
  }
  return out;
}

}  // namespace cctl
