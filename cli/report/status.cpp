#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "model/cut.hpp"
#include "model/forgotten.hpp"
#include "report/kinds.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

const InstanceHealth* health_of(const std::vector<InstanceHealth>& all, const Instance& instance) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const InstanceHealth& health) {
    return health.host == instance.host && health.component == instance.component;
  });
  return at == all.end() ? nullptr : &*at;
}

const Step* step_of(const Plan& plan, const Instance& instance) {
  for (const Wave& wave : plan.first().waves) {
    for (const Step& step : wave.steps) {
      if (step.host == instance.host && step.component == instance.component && step.action != Action::pull)
        return &step;
    }
  }
  return nullptr;
}

// What stands in a file and its service has not read, or has refused.
bool has_unread(const Step* step) {
  return step && std::any_of(step->files.begin(), step->files.end(), [](const FileChange& f) { return !f.write; });
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
  const Step* step = step_of(plan, instance);
  const Situation now{instance, host->second, step};
  if (std::visit([&](const auto& kind) { return is_hidden(now, kind, out); }, instance.resource)) return out;
  out.health = "unhealthy";
  out.state = "missing";
  for (const HostFault& fault : plan.first().desired.faults)
    if (fault.host == instance.host && fault.component == instance.component) out.fault = fault.what;
  if (step) out.drift = step->reason;
  std::visit([&](const auto& kind) { tell_state(now, kind, out); }, instance.resource);
  if (const InstanceHealth* health = health_of(healths, instance)) {
    if (health->ready && (out.state == "running" || out.state == "set")) out.health = "healthy";
    if (instance.service() && has_unread(step)) out.health = "unhealthy";
    if (!health->known) out.health = "unknown";
    out.leader = health->leader;
    out.probes = health->probes;
    if (!health->ready) out.seen = health->seen;
  }
  return out;
}

// Why it is not healthy: a host that is out first, since it explains the rest.
std::string cause_of(const Status& status, const Observed& observed) {
  std::map<Absence, std::vector<std::string>> absent;
  std::vector<std::string> off, silent;
  for (const StatusHost& host : status.hosts) {
    const auto at = observed.hosts.find(host.name);
    if (!host.reachable)
      absent[host.absence].push_back(host.name);
    else if (!at->second.engine_error.empty())
      (at->second.engine_off ? off : silent).push_back(host.name);
  }
  std::vector<std::string> parts;
  for (const auto& [absence, hosts] : absent)
    parts.push_back(fmt::format(fmt::runtime(about(absence).all), joined(hosts, ", ")));
  if (!off.empty()) parts.push_back("no Docker engine runs on " + joined(off, ", "));
  if (!silent.empty()) parts.push_back("the Docker engine could not be asked on " + joined(silent, ", "));
  if (!parts.empty()) return joined(parts, "; ");
  std::vector<std::string> sick, gone, unknown;
  for (const StatusInstance& i : status.instances) {
    if (i.health == "healthy") continue;
    auto& which = i.health == "unknown" ? unknown : i.state == "missing" ? gone : sick;
    which.push_back(i.component + " on " + i.host);
  }
  const auto told = [&](const std::vector<std::string>& names, const std::string& what) {
    if (names.empty()) return;
    const std::string more = names.size() > 2 ? fmt::format(" and {} more", names.size() - 2) : "";
    parts.push_back(joined({names.begin(), names.begin() + std::min<std::ptrdiff_t>(2, std::ssize(names))}, ", ") +
                    more + " " + what);
  };
  told(gone, "missing");
  told(sick, "not ready");
  told(unknown, "could not be asked");
  for (const StatusInstance& i : status.instances)
    if (parts.empty() && !i.fault.empty()) return i.component + " on " + i.host + ": " + i.fault;
  if (parts.empty() && !status.wanting.empty()) return status.wanting.front();
  return joined(parts, "; ");
}

}  // namespace

Status make_status(const Plan& plan, const Observed& observed, const std::vector<InstanceHealth>& instances,
                   const std::vector<ComponentHealth>& components, const std::string& health) {
  Status out;
  out.cluster = plan.cluster;
  out.inventory = plan.first().desired.inventory_file;
  out.health = health;
  out.strays = plan.strays;
  out.foreign = plan.foreign;
  for (const Host& host : plan.first().desired.hosts) {
    const auto at = observed.hosts.find(host.name);
    const bool reachable = at != observed.hosts.end() && at->second.reachable;
    if (reachable)
      for (const auto& text : forgotten_on(plan.cluster, at->second)) out.forgotten.push_back(host.name + ": " + text);
    out.hosts.push_back({host.name, host.address, at == observed.hosts.end() ? "not observed" : at->second.error,
                         reachable, at == observed.hosts.end() ? Absence::away : at->second.absence});
    for (const Instance& instance : plan.first().desired.instances) {
      if (instance.host == host.name) out.instances.push_back(status_of(plan, instance, observed, instances));
    }
  }
  // What has no container counts for no component's health, and is wanted all the same.
  const bool lacking = std::any_of(out.instances.begin(), out.instances.end(), [](const StatusInstance& i) {
    return i.state == "missing" || (i.state == "set" && i.health == "unhealthy");
  });
  if ((lacking || !plan.faults.empty()) && out.health == "healthy") out.health = "degraded";
  out.wanting = plan.faults;
  for (const ComponentPlan& component : plan.first().desired.components) {
    const auto at = std::find_if(components.begin(), components.end(),
                                 [&](const ComponentHealth& c) { return c.component == component.component; });
    if (at == components.end()) continue;
    const std::string title = component.version_key.empty() ? component.component : component.version_key;
    const int unasked = at->members - at->asked;
    if (component.rollout.quorum)
      out.ensembles.push_back(
          {component.component, title, at->members, at->ready, at->tolerates, at->led || unasked > 0, unasked});
    for (const std::string& text : at->wanting)
      out.wanting.push_back(component.component + ": " + cut_text(text, limits::line));
  }
  if (out.health != "healthy") out.cause = cause_of(out, observed);
  return out;
}

}  // namespace cctl
