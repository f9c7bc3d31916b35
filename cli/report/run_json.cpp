#include "report/run_json.hpp"

#include <nlohmann/json.hpp>

#include "model/secrets.hpp"
#include "report/json_text.hpp"

namespace cctl {

using nlohmann::json;

std::string run_json_text(const RunDocument& run) {
  const Report& report = run.report;
  json out = {{"schema", "clusterctl.run/1"}, {"command", run.command},     {"cluster", run.cluster},
              {"inventory", run.inventory},   {"exit_code", run.exit_code}, {"took_ms", report.took.count()},
              {"steps", json::array()},       {"failures", json::array()},  {"not_begun", report.not_begun}};
  for (const StepReport& step : report.steps) {
    out["steps"].push_back({{"host", step.host},
                            {"component", step.component},
                            {"action", step.action},
                            {"outcome", to_text(step.outcome)},
                            {"text", step.text},
                            {"took_ms", step.took.count()}});
  }
  for (const Failure& f : report.failures) {
    json log = json::array();
    for (const std::string& line : f.log) log.push_back(without_secrets(line));
    out["failures"].push_back({{"host", f.host},
                               {"component", f.component},
                               {"what", f.what},
                               {"wanted", f.wanted},
                               {"saw", f.saw},
                               {"log", log},
                               {"state", f.state},
                               {"next", f.next}});
  }
  if (run.health) out["health"] = status_json(*run.health);
  return json_text(out);
}

json mistakes_json(const std::vector<Mistake>& mistakes) {
  json out = json::array();
  for (const Mistake& m : mistakes)
    out.push_back({{"file", m.mark.file},
                   {"line", m.mark.line},
                   {"column", m.mark.column},
                   {"text", m.text},
                   {"warning", m.warning}});
  return out;
}

std::string error_json_text(const std::string& text, int exit_code, const std::vector<Mistake>& mistakes) {
  return json_text({{"schema", "clusterctl.error/1"},
                    {"error", text},
                    {"exit_code", exit_code},
                    {"mistakes", mistakes_json(mistakes)}});
}

}  // namespace cctl
