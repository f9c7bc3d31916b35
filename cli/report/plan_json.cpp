#include <nlohmann/json.hpp>

#include "model/secrets.hpp"
#include "report/json_text.hpp"
#include "report/plan_text.hpp"

namespace cctl {
namespace {

using nlohmann::json;

json step_json(const Step& step) {
  json out = {{"wave", step.wave},           {"host", step.host},
              {"component", step.component}, {"action", step.unknown.empty() ? to_text(step.action) : "unknown"},
              {"reason", step.reason},       {"interrupts", step.interrupts}};
  // What is done where it turns out not to be there.
  if (!step.unknown.empty()) out["unknown"] = {{"why", step.unknown}, {"action", to_text(step.action)}};
  if (const auto* remains = step.remains(); remains && !remains->purged.empty()) out["purged"] = remains->purged;
  if (!step.image().empty()) out["image"] = step.image();
  if (step.others_serve >= 0) out["others_serve"] = step.others_serve;
  if (const auto* preparation = step.preparation())
    for (const auto& words : preparation->commands) out["commands"].push_back(words_without_secrets(words));
  json files = json::array();
  for (const FileChange& file : step.files) {
    if (!file.write) continue;
    json one = {{"path", file.wanted.path}, {"exists", file.exists}, {"gone", file.gone}};
    if (!file.before_mode.empty() && !file.gone) {
      if (file.before_mode != file.wanted.mode)
        one["mode"] = {{"before", file.before_mode}, {"after", file.wanted.mode}};
      if (file.before_owner != file.wanted.owner)
        one["owner"] = {{"before", file.before_owner}, {"after", file.wanted.owner}};
    }
    if (!file.link.empty()) one["link_of"] = file.link;
    files.push_back(std::move(one));
  }
  if (!files.empty()) out["files"] = files;
  for (const SpecChange& change : step.changes) {
    json one = {{"field", change.field}, {"before", nullptr}, {"after", nullptr}};
    if (!change.name.empty()) one["name"] = change.name;
    if (change.before) one["before"] = *change.before;
    if (change.after) one["after"] = *change.after;
    out["changes"].push_back(std::move(one));
  }
  return out;
}

json wave_json(const Wave& wave) {
  return {{"number", wave.number},
          {"title", wave.title},
          {"component", wave.component},
          {"order", to_text(wave.order)},
          {"quorum", wave.quorum},
          {"gate", wave.gate},
          {"timeout_seconds", wave.timeout.count()}};
}

void add_leg(json& plan, const Leg& leg) {
  json waves = json::array();
  for (const Wave& wave : leg.waves) {
    waves.push_back(wave.number);
    plan["waves"].push_back(wave_json(wave));
    for (const Step& step : wave.steps) plan["steps"].push_back(step_json(step));
  }
  if (!leg.waves.empty()) plan["legs"].push_back({{"title", leg.title}, {"reason", leg.reason}, {"waves", waves}});
}

}  // namespace

json plan_json(const Plan& plan) {
  json out = {{"schema", "clusterctl.plan/1"},
              {"cluster", plan.cluster},
              {"inventory", plan.first().desired.inventory_file},
              {"nothing_to_do", plan.nothing_to_do() && plan.summary.unseen == 0},
              {"legs", json::array()},
              {"waves", json::array()},
              {"steps", json::array()},
              {"unchanged", json::array()},
              {"strays", json::array()},
              {"foreign", plan.foreign},
              {"warnings", plan.warnings},
              {"refusals", json::array()}};
  for (const Leg& leg : plan.legs) add_leg(out, leg);
  for (const Step& step : plan.first().unchanged) {
    out["unchanged"].push_back({{"host", step.host}, {"component", step.component}, {"reason", step.reason}});
  }
  for (const Stray& stray : plan.strays) {
    out["strays"].push_back({{"host", stray.host}, {"container", stray.container}, {"component", stray.component}});
  }
  for (const Refusal& refusal : plan.refusals) {
    out["refusals"].push_back({{"exit_code", refusal.exit_code}, {"text", refusal.text}});
  }
  const PlanSummary& s = plan.summary;
  out["summary"] = {{"hosts", s.hosts},     {"instances", s.instances}, {"create", s.create},
                    {"change", s.change},   {"remove", s.remove},       {"as_wanted", s.as_wanted},
                    {"prepare", s.prepare}, {"unseen", s.unseen},       {"unknown", s.unknown}};
  return out;
}

std::string plan_json_text(const Plan& plan) {
  return json_text(plan_json(plan));
}

}  // namespace cctl
