// clusterctl app remove: apps and their tasks ended, and waited for.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "commands/app.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "model/app_reference.hpp"
#include "model/error.hpp"
#include "report/apps.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

bool needs(const AppState& app, const std::string& id) {
  return std::any_of(app.needs.begin(), app.needs.end(), [&](const auto& path) { return is_in(id, path); });
}

// Those that need others of them first.
std::vector<AppState> in_order(std::vector<AppState> left) {
  std::vector<AppState> out;
  while (!left.empty()) {
    auto next = std::find_if(left.begin(), left.end(), [&](const AppState& app) {
      return std::none_of(left.begin(), left.end(),
                          [&](const AppState& other) { return other.id != app.id && needs(other, app.id); });
    });
    if (next == left.end()) next = left.begin();
    out.push_back(std::move(*next));
    left.erase(next);
  }
  return out;
}

// "/web needs /db", of those that stay.
std::string left_wanting(const std::vector<AppState>& there, const std::vector<AppState>& gone) {
  const auto goes = [&](const AppState& app) {
    return std::any_of(gone.begin(), gone.end(), [&](const AppState& other) { return other.id == app.id; });
  };
  std::vector<std::string> told;
  for (const AppState& app : there)
    for (const AppState& other : gone)
      if (!goes(app) && needs(app, other.id)) told.push_back(app.id + " needs " + other.id);
  return joined(told, ", ");
}

void remove(World& world, AppTalk& talk, const Sources& sources, const std::string& id, const AppOptions& how) {
  const Options& options = world.options();
  const std::string deployment = world.run(talk.remove(id, how.force));
  tell_inventory(sources, id, "deploys it again");
  if (!how.no_wait && !world.run(wait_for_end(talk, world.clock(), deployment, patience(options))))
    throw Error(fmt::format("the tasks of {} did not end in {}; Marathon goes on with deployment {}", id,
                            duration(patience(options)), deployment),
                9);
  if (options.json()) return;
  if (how.no_wait)
    tell_begun(world, id, deployment);
  else
    say("{} is removed\n", id);
}

}  // namespace

int run_app_remove(const Options& options, const AppOptions& how) {
  std::set<std::string> given;
  for (const auto& id : how.ids) given.insert(with_slash(id));
  const Sources sources = load_sources(options);
  need_said(options, next_command(options, "app remove", words_of(how.ids, how)), sources);
  World world(options);
  Marathon marathon(world, sources);
  std::vector<AppState> gone;
  int tasks = 0;
  for (const auto& id : given) {
    gone.push_back(marathon.app(id));
    tasks += gone.back().running;
  }
  AppTalk talk = marathon.patient_talk();
  const std::string wanting = left_wanting(world.run(talk.list()), gone);
  if (!wanting.empty()) tell("note: {}, and would not be deployed again without it\n", wanting);
  const std::string question = fmt::format("Remove {} of {} and end {} {}?", joined({given.begin(), given.end()}, ", "),
                                           cluster_and_file(marathon.cluster(), sources.inventory.file),
                                           given.size() == 1 ? "its" : "their", counted(tasks, "task"));
  if (!ask_consent(world, question, marathon.cluster(), true)) throw Error("cancelled; nothing was changed", 10);
  std::vector<AppOutcome> outcomes;
  std::vector<std::string> removed;
  for (const AppState& app : in_order(std::move(gone))) outcomes.emplace_back().id = app.id;
  for (AppOutcome& app : outcomes) {
    try {
      remove(world, talk, sources, app.id, how);
    } catch (const Error& e) {
      app.became = "failed", app.error = told_for(options, e.what()), app.exit_code = e.exit_code();
      if (options.json() && outcomes.size() > 1) print_json(apps_json_text(marathon.cluster(), {}, outcomes, removed));
      throw;
    }
    app.became = how.no_wait ? "begun" : "removed";
    removed.push_back(app.id);
  }
  if (options.json()) print_json(apps_json_text(marathon.cluster(), {}, outcomes, removed));
  return 0;
}

}  // namespace cctl
