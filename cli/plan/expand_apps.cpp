#include "plan/expand_apps.hpp"

#include <algorithm>

#include "model/app_reference.hpp"
#include "model/error.hpp"
#include "plan/app_spec.hpp"
#include "plan/scope.hpp"

namespace cctl {

AppRunner app_runner(const Sources& sources, const Placement& placement) {
  AppRunner out;
  for (const auto& name : placement.order) {
    const auto& playbook = sources.playbooks.at(name);
    const auto& hosts = placement.hosts.at(name);
    if (playbook.apps_port.empty() || hosts.empty()) continue;
    out.component = name;
    out.hosts = hosts;
    for (const Host* host : hosts) out.addresses.push_back(host->ip);
    out.port = ports_of(sources, playbook, *hosts.front()).at(playbook.apps_port);
    break;
  }
  return out;
}

namespace {

// Why Marathon takes no second app of this id beside one that is a component.
std::string not_both(const std::string& id, const Instance& other) {
  const auto* app = other.app();
  if (!app) return "";
  if (app->id == id) return "the app " + id + " is already that of " + other.component;
  if (app->id == other.component || (!is_in(id, app->id) && !is_in(app->id, id))) return "";
  return "the app " + id +
         (is_in(id, app->id) ? " is in a group that is an app, too: that of " : " is the group of the app of ") +
         other.component + ", " + app->id + "; Marathon takes one of the two, so rename one";
}

// Marathon does not wait for what it does not have.
void warn_of_strangers(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  for (const App& app : sources.inventory.apps)
    for (const std::string& path : app_dependencies(app.json)) {
      const auto is_meant = [&](const Instance& i) { return i.app() && is_in(i.app()->id, path); };
      if (std::none_of(desired.instances.begin(), desired.instances.end(), is_meant))
        mistakes.push_back({app.mark,
                            "the app " + app.id + " depends on " + path +
                                ", which is no app of this inventory: where Marathon has none either, it does not wait",
                            true});
    }
}

}  // namespace

void expand_apps(const Sources& sources, const Placement& placement, Desired& out, std::vector<Mistake>& mistakes) {
  if (sources.inventory.apps.empty()) return;
  const AppRunner runner = app_runner(sources, placement);
  if (runner.component.empty()) {
    mistakes.push_back({sources.inventory.apps.front().mark,
                        "there are apps, but no component that keeps them running: add `marathon` to versions", false});
    return;
  }
  for (const auto& app : sources.inventory.apps) {
    try {
      Instance i;
      AppSpec spec = app_spec(app.json, runner.addresses, runner.port);
      spec.through = runner.component;
      for (const auto& other : out.instances)
        if (const std::string why = not_both(spec.id, other); !why.empty()) throw Error(why);
      i.host = runner.hosts.front()->name;
      i.ip = runner.addresses.front();
      i.component = spec.id;
      i.spec_json = spec.json;
      i.spec_digest = app_digest(spec.json);
      i.probes.push_back(app_probe(spec));
      ComponentPlan c;
      c.component = spec.id;
      c.needs = {runner.component};
      c.rollout.order = RollOrder::parallel;
      c.gate_timeout = std::chrono::seconds(300);  // an image is pulled first
      i.resource = std::move(spec);
      out.components.push_back(std::move(c));
      out.instances.push_back(std::move(i));
    } catch (const Error& e) {
      mistakes.push_back({app.mark, e.what(), false});
    }
  }
  warn_of_strangers(sources, out, mistakes);
}

void move_apps(Desired& desired, const std::set<std::string>& unreachable) {
  const auto reachable_at = [&](const std::string& ip) -> const Host* {
    for (const auto& host : desired.hosts)
      if (host.ip == ip && !unreachable.count(host.name)) return &host;
    return nullptr;
  };
  for (auto& i : desired.instances) {
    const auto* app = i.app();
    if (!app || app->id != i.component || !unreachable.count(i.host)) continue;
    for (const auto& address : app->addresses)
      if (const Host* host = reachable_at(address)) {
        i.host = host->name;
        i.ip = host->ip;
        break;
      }
  }
}

}  // namespace cctl
