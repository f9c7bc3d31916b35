#include "report/apps.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/json_text.hpp"
#include "report/run_json.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {

using nlohmann::json;

namespace {

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

// "12s ago on s1: TASK_FAILED: Command exited with status 3"; "-": none of its tasks has failed.
std::string failure_of(const AppState& app) {
  const AppFailure& last = app.failure;
  if (last.task.empty() && last.state.empty()) return "-";
  std::string out;
  if (last.when && app.now)
    out = duration(std::chrono::milliseconds(1000 * static_cast<long long>(std::max(0.0, *app.now - *last.when)))) +
          " ago";
  if (!last.host.empty()) out += (out.empty() ? "on " : " on ") + last.host;
  return out + (out.empty() ? "" : ": ") + last.state + (last.message.empty() ? "" : ": " + last.message);
}

}  // namespace

std::string apps_text(const std::vector<AppState>& apps, const Look& look) {
  std::vector<Row> rows = {{{"APP", Color::bold},
                            {"WANTED", Color::bold},
                            {"RUNNING", Color::bold},
                            {"HEALTHY", Color::bold},
                            {"DEPLOYMENT", Color::bold},
                            {"VERSION", Color::bold},
                            {"IMAGE", Color::bold},
                            {"LAST FAILURE", Color::bold}}};
  for (const AppState& app : apps)
    rows.push_back({{app.id},
                    {std::to_string(app.instances)},
                    {std::to_string(app.running), app.running == app.instances ? Color::green : Color::red},
                    {app.checked ? std::to_string(app.healthy) : "-"},
                    {app.deployments.empty() ? "-" : joined(app.deployments, ", ")},
                    {app.version},
                    {app.image.empty() ? "-" : app.image},
                    {failure_of(app), Color::yellow}});
  return table(rows, look) + counted(static_cast<long long>(apps.size()), "app") + "\n";
}

std::string apps_json_text(const std::string& cluster, const std::vector<AppState>& apps,
                           const std::vector<AppOutcome>& outcomes, const std::vector<std::string>& removed) {
  json out = {{"schema", "clusterctl.apps/1"}, {"cluster", text_or_null(cluster)}, {"apps", json::array()}};
  for (const AppState& app : apps)
    out["apps"].push_back({{"id", app.id},
                           {"instances", app.instances},
                           {"running", app.running},
                           {"healthy", app.checked ? json(app.healthy) : json(nullptr)},
                           {"deployments", app.deployments},
                           {"last_failure", failure_of(app) == "-" ? json(nullptr) : json(failure_of(app))},
                           {"image", text_or_null(app.image)},
                           {"version", app.version}});
  for (const AppOutcome& one : outcomes)
    out["outcomes"].push_back({{"file", text_or_null(one.file)},
                               {"id", text_or_null(one.id)},
                               {"became", one.became},
                               {"error", text_or_null(one.error)},
                               {"exit_code", one.exit_code},
                               {"mistakes", mistakes_json(one.mistakes)}});
  if (!removed.empty()) out["removed"] = removed;
  return json_text(out);
}

}  // namespace cctl
