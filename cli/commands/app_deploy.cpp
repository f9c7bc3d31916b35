// clusterctl app deploy: apps from files, started or changed, and waited for.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "commands/app.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "load/app_rules.hpp"
#include "load/apps.hpp"
#include "load/load.hpp"
#include "load/text_file.hpp"
#include "model/app_reference.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_spec.hpp"
#include "report/apps.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

// What is wrong in a file, as far as that is known without a Marathon; all of it is told at once.
void refuse_app(const Mistakes& mistakes, const std::string& file) {
  const std::vector<Mistake> told = mistakes.in_file_order();
  if (!told.empty() && !told.front().warning && told.front().mark.file.empty()) throw Error(told.front().text, 2);
  refuse(told, file);
}

ReadApp app_of(const std::string& file) {
  Mistakes mistakes;
  std::optional<ReadApp> found = read_app_file(file, mistakes);
  if (mistakes.any_error() || !found) refuse_app(mistakes, file);
  if (!found) throw Error(file + " holds no app", 2);
  return std::move(*found);
}

// Held against the release that runs, whatever the inventory wants.
void hold(const std::string& file, const std::optional<Version>& running) {
  Mistakes mistakes;
  if (const auto found = read_app_file(file, mistakes)) check_app(found->tree, running, mistakes);
  refuse_app(mistakes, file);
}

struct Given {
  AppOutcome* outcome;  // with its file
  App app;
};

// Of several files: two of one app, where the later would undo the earlier, and an app that is another's group.
void refuse_twins(const std::vector<Given>& apps) {
  for (const Given& one : apps)
    for (const Given& group : apps)
      if (one.app.id != group.app.id && is_in(one.app.id, group.app.id))
        throw Error(fmt::format("{}: the app {} is in a group that is an app, too: {} of {}; Marathon takes one of the "
                                "two, so rename one; nothing was deployed",
                                one.outcome->file, quote(one.app.id), quote(group.app.id), group.outcome->file),
                    2);
  std::map<std::string, std::string> files;
  for (const Given& one : apps) {
    const std::string& file = one.outcome->file;
    const auto [first, fresh] = files.emplace(one.app.id, file);
    if (!fresh)
      throw Error(fmt::format("{}: the app {} is that of {}, too; name one of them; nothing was deployed", file,
                              quote(one.app.id), first->second == file ? "the same file" : first->second),
                  2);
  }
}

// A new app that is the group of one that is there, or in a group that is an app.
void refuse_group(const std::string& id, const std::vector<AppState>& there) {
  for (const AppState& other : there)
    if (other.id != id && (is_in(id, other.id) || is_in(other.id, id)))
      throw Error(
          fmt::format("refused: Marathon has the app {}, and {} would be {}: it takes one of the two, so rename "
                      "one; nothing was changed",
                      other.id, id, is_in(id, other.id) ? "in a group of that name" : "the group that it is in"),
          8);
}

// How the app is in the end, as far as it is waited for.
AppState deploy(World& world, Marathon& marathon, const Sources& sources, const App& given, const AppOptions& how) {
  const bool json = world.options().json();
  const AppSpec app = app_spec(given.json, marathon.addresses(), marathon.port());
  AppTalk talk = marathon.patient_talk();
  const auto before = world.run(talk.find(app.id));
  const bool as_wanted =
      before && before->digest == app_digest(app.json) && before->settled() && before->instances == app.instances;
  if (!as_wanted) {
    if (!before) refuse_group(app.id, world.run(talk.list()));
    const AppFit fit = world.run(talk.fit(app.json));
    if (!fit.too_large.empty())
      throw Error("refused: no slave can run " + app.id + ": " + fit.too_large + "; nothing was changed", 8);
    if (!fit.unknown.empty()) tell("note: whether a slave can run {} is not known: {}\n", app.id, fit.unknown);
    const std::string deployment = world.run(talk.put(app.id, app.json, how.force));
    tell_inventory(sources, app.id, "deploys what stands there");
    // Several are believed together, once the last of them is told.
    const bool one = how.files.size() == 1;
    if (!how.no_wait) wait_for(world, marathon, app.id, app.json, deployment, !one);
    if (how.no_wait && !json) tell_begun(world, app.id, deployment);
  }
  return marathon.app(app.id);
}

// Those that were deployed have run side by side meanwhile: all are waited for as long as one would be. Whose tasks
// have ended since is not among those that are done any more.
template <class Each>
void prove_all(World& world, Marathon& marathon, const std::vector<Given>& apps, std::vector<AppState>& done,
               const Each& each) {
  for (const Given& given : apps) {
    const std::string& id = given.app.id;
    const auto at = std::find_if(done.begin(), done.end(), [&](const AppState& one) { return one.id == id; });
    if (at == done.end() || still_to_run(*at) == 0) continue;
    const bool proven = each(*given.outcome, [&] {
      wait_for(world, marathon, id, "", "");
      *at = marathon.app(id);
    });
    if (!proven) done.erase(at);
  }
}

}  // namespace

// Each file for itself: one that is refused does not keep the others from being deployed.
int run_app_deploy(const Options& options, const AppOptions& how) {
  std::vector<AppOutcome> outcomes(how.files.size());
  const bool one = outcomes.size() == 1;
  const auto each = [&](AppOutcome& outcome, const auto& work) {
    try {
      work();
      return true;
    } catch (const Error& e) {
      if (one) throw;
      outcome.became = "failed", outcome.error = told_for(options, e.what()), outcome.exit_code = e.exit_code();
      if (const auto* mistaken = dynamic_cast<const Mistaken*>(&e)) outcome.mistakes = mistaken->mistakes();
      tell("{}: {}\n", outcome.file, outcome.error);
      return false;
    }
  };
  std::vector<Given> apps;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i].file = how.files[i];
    each(outcomes[i], [&] { apps.push_back({&outcomes[i], app_of(how.files[i]).app}); });
  }
  refuse_twins(apps);
  std::string cluster;
  std::vector<AppState> done;
  if (!apps.empty()) {
    const Sources sources = load_sources(options);
    need_said(options, next_command(options, "app deploy", words_of(how.files, how)), sources);
    World world(options);
    Marathon marathon(world, sources);
    cluster = marathon.cluster();
    std::vector<std::string> ids;
    for (const Given& given : apps) ids.push_back(given.outcome->id = given.app.id);
    ask_guess(world,
              fmt::format("Deploy {} to {}?", joined(ids, ", "), cluster_and_file(cluster, sources.inventory.file)),
              cluster);
    const std::optional<Version> running = marathon.version();
    for (const Given& given : apps)
      each(*given.outcome, [&] {
        hold(given.outcome->file, running);
        done.push_back(deploy(world, marathon, sources, given.app, how));
        given.outcome->became = how.no_wait && !done.back().settled() ? "begun" : "deployed";
      });
    if (!one && !how.no_wait) prove_all(world, marathon, apps, done, each);
    // Said once all is known of them; of one that has but begun, its deployment was told.
    for (const AppState& now : done)
      if (!options.json() && (!how.no_wait || now.settled())) say("{}\n", end_text(now));
  }
  if (options.json()) print_json(apps_json_text(cluster, done, outcomes));
  const auto has_failed = [](const AppOutcome& outcome) { return outcome.exit_code != 0; };
  const auto first = std::find_if(outcomes.begin(), outcomes.end(), has_failed);
  if (first == outcomes.end()) return 0;
  throw Error(fmt::format("{} of {} files were not deployed",
                          std::count_if(outcomes.begin(), outcomes.end(), has_failed), outcomes.size()),
              done.empty() ? first->exit_code : 6);
}

}  // namespace cctl
