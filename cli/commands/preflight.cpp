#include "commands/preflight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "prepare/prepare.hpp"

namespace cctl {
namespace {

constexpr long long least_disk = 500LL * 1000 * 1000;  // bytes: an image of the larger kind, unpacked

// A port is free to be taken when nothing listens on it, or only what this run replaces.
bool takes_ports(const Step& step) {
  return step.action == Action::create || step.action == Action::start;
}

// Containers of ours that run under another component's name hold ports that a plan may be about to free.
bool has_other_of_ours(const ObservedHost& host, const Plan& plan, const std::string& component) {
  return std::any_of(host.containers.begin(), host.containers.end(), [&](const ObservedContainer& c) {
    const std::string name = c.get(label::component);
    return c.state == "running" && c.get(label::cluster) == plan.cluster &&
           (name == component || !plan.desired.find(host.name, name));
  });
}

void check_ports(const Plan& plan, const Step& step, const ObservedHost& host, std::vector<std::string>& out) {
  const ComponentPlan* component = plan.desired.component(step.component);
  const Instance* instance = plan.desired.find(step.host, step.component);
  if (!component || !instance || instance->container.network != "host" || has_other_of_ours(host, plan, step.component))
    return;
  for (const auto& [name, port] : component->ports) {
    if (!host.listening.count(port)) continue;
    out.push_back(fmt::format(
        "port {} of {}, which {} needs for {}, is held by something else; find it with: ss -ltnp sport = :{}", port,
        step.host, step.component, name, port));
  }
}

}  // namespace

std::string no_engine(const ObservedHost& host) {
  return fmt::format("{} has no Docker engine that answers ({}); {}prepare: {{docker: apply}} in the inventory {}",
                     host.name, host.engine_error, host.docker_installed ? "start it, or " : "install one, or let ",
                     host.docker_installed ? "does" : "install the distribution's");
}

std::vector<std::string> obstacles(const Plan& plan, const Observed& observed) {
  std::vector<std::string> out;
  std::set<std::string> disk_checked, engine_checked;
  for (const Wave& wave : plan.waves) {
    for (const Step& step : wave.steps) {
      const auto at = observed.hosts.find(step.host);
      if (at == observed.hosts.end() || !at->second.reachable) continue;
      const ObservedHost& host = at->second;
      const bool needs_engine = step.action != Action::prepare && step.action != Action::put_back;
      if (needs_engine && !host.engine_error.empty() && !brings_engine(plan, host.name) &&
          engine_checked.insert(host.name).second)
        out.push_back(no_engine(host));
      const bool full = host.disk_free > 0 && host.disk_free < least_disk;
      if (step.action == Action::pull && full && disk_checked.insert(step.host).second) {
        out.push_back(fmt::format("{} has {} MB of disk left, which is too little for images", step.host,
                                  host.disk_free / 1000000));
      }
      if (takes_ports(step)) check_ports(plan, step, host, out);
    }
  }
  return out;
}

}  // namespace cctl
