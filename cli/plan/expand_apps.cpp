#include "plan/expand_apps.hpp"

#include "model/error.hpp"
#include "plan/app_spec.hpp"
#include "plan/scope.hpp"

namespace cctl {

void expand_apps(const Sources& sources, const Placement& placement, Desired& out, std::vector<Mistake>& mistakes) {
  if (sources.inventory.apps.empty()) return;
  for (const auto& name : placement.order) {
    const auto& runner = sources.playbooks.at(name);
    if (runner.apps_port.empty() || placement.hosts.at(name).empty()) continue;
    std::vector<std::string> addresses;
    for (const Host* host : placement.hosts.at(name)) addresses.push_back(host->ip);
    for (const auto& app : sources.inventory.apps) {
      try {
        Instance i;
        i.app = app_spec(app.json, addresses,
                         ports_of(sources, runner, *placement.hosts.at(name).front()).at(runner.apps_port));
        i.host = placement.hosts.at(name).front()->name;
        i.ip = addresses.front();
        i.component = i.app.id;
        i.spec_json = i.app.json;
        i.spec_digest = app_digest(i.app.json);
        i.probes.push_back(app_probe(i.app));
        ComponentPlan c;
        c.component = i.app.id;
        c.needs = {name};
        c.rollout.order = RollOrder::parallel;
        c.gate_timeout = std::chrono::seconds(300);  // an image is pulled first
        out.components.push_back(std::move(c));
        out.instances.push_back(std::move(i));
      } catch (const Error& e) {
        mistakes.push_back({app.mark, e.what(), false});
      }
    }
    return;
  }
  mistakes.push_back({sources.inventory.apps.front().mark,
                      "there are apps, but no component runs that keeps them running: "
                      "add `marathon` to versions",
                      false});
}

}  // namespace cctl
