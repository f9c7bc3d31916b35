#include <nlohmann/json.hpp>

#include "model/cut.hpp"
#include "report/json_text.hpp"

#include "report/status.hpp"

namespace cctl {

using nlohmann::json;

json status_json(const Status& status) {
  json out = {{"schema", "clusterctl.status/1"},
              {"cluster", status.cluster},
              {"inventory", status.inventory},
              {"health", status.health},
              {"cause", status.cause.empty() ? json(nullptr) : json(status.cause)},
              {"hosts", json::array()},
              {"instances", json::array()},
              {"quorum", json::object()},
              {"wanting", status.wanting},
              {"strays", json::array()},
              {"foreign", status.foreign},
              {"forgotten", status.forgotten},
              {"took_ms", status.took.count()}};
  for (const StatusHost& host : status.hosts) {
    out["hosts"].push_back({{"name", host.name},
                            {"address", host.address},
                            {"reachable", host.reachable},
                            {"absence", host.reachable ? json(nullptr) : json(to_text(host.absence))},
                            {"error", host.error.empty() ? json(nullptr) : json(host.error)}});
  }
  for (const StatusInstance& i : status.instances) {
    json probes = json::array();
    for (const ProbeResult& p : i.probes) {
      json values = json::object();
      for (const auto& [name, value] : p.values) values[name] = cut_text(value, limits::line);
      probes.push_back({{"name", p.name},
                        {"asked", p.asked},
                        {"ok", p.ok},
                        {"answered", p.answered},
                        {"seen", p.seen},
                        {"values", std::move(values)}});
    }
    out["instances"].push_back({{"host", i.host},
                                {"component", i.component},
                                {"version", i.version.empty() ? json(nullptr) : json(i.version)},
                                {"wanted_version", i.wanted_version},
                                {"image", i.image.empty() ? json(nullptr) : json(i.image)},
                                {"state", i.state},
                                {"health", i.health},
                                {"since", i.since},
                                {"drift", i.drift},
                                {"fault", i.fault.empty() ? json(nullptr) : json(i.fault)},
                                {"leader", i.leader},
                                {"standin", i.standin},
                                {"probes", probes}});
  }
  for (const Ensemble& e : status.ensembles) {
    out["quorum"][e.component] = {{"members", e.members},
                                  {"healthy", e.healthy},
                                  {"unasked", e.unasked},
                                  {"tolerates", e.tolerates},
                                  {"led", e.led}};
  }
  for (const Stray& stray : status.strays) {
    out["strays"].push_back({{"host", stray.host}, {"container", stray.container}, {"component", stray.component}});
  }
  return out;
}

std::string status_json_text(const Status& status) {
  return json_text(status_json(status));
}

}  // namespace cctl
