// clusterctl app deploy|list|scale|remove: the apps that the cluster's Marathon keeps running.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/marathon.hpp"
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
#include "model/shell_words.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_spec.hpp"
#include "report/apps.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kPatience{300000};  // an image is pulled first

struct AppOptions {
  std::vector<std::string> files;
  std::string id;
  int instances = 0;
  bool force = false, no_wait = false;
};

milliseconds patience(const Options& options) {
  return options.timeout > 0 ? milliseconds(static_cast<long long>(options.timeout * 1000)) : kPatience;
}

std::string with_slash(const std::string& id) {
  return id.starts_with('/') ? id : "/" + id;
}

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

// What the inventory wants of the app, where it has it: the next up goes back to that.
void tell_inventory(const Sources& sources, const std::string& id, const std::string& what) {
  for (const App& app : sources.inventory.apps)
    if (app.id == id) tell("note: {} has {}, too: the next clusterctl up {}\n", sources.inventory.file, id, what);
}

std::string end_text(const AppState& now) {
  const auto age = youngest_task(now);
  const bool unchecked = age && !now.checked && now.settled() && now.instances > 0;
  return now.id + ": " + now.in_words() +
         (unchecked
              ? fmt::format(" for {}; nothing checks its health", duration(milliseconds(1000LL * std::lround(*age))))
              : "");
}

void tell_end(World& world, Marathon& marathon, const std::string& id) {
  const AppState now = marathon.app(id);
  if (world.options().json())
    print_json(apps_json_text(marathon.cluster(), {now}));
  else
    say("{}\n", end_text(now));
}

// The words of a command, told again.
std::vector<std::string> words_of(std::vector<std::string> out, const AppOptions& how) {
  if (how.force) out.emplace_back("--force");
  if (how.no_wait) out.emplace_back("--no-wait");
  return out;
}

// Of several files: two of one app, where the later would undo the earlier, and an app that is another's group.
void refuse_twins(const std::vector<std::pair<std::string, App>>& apps) {
  for (const auto& [file, app] : apps)
    for (const auto& [other_file, group] : apps)
      if (app.id != group.id && is_in(app.id, group.id))
        throw Error(fmt::format("{}: the app {} is in a group that is an app, too: {} of {}; Marathon takes one of the "
                                "two, so rename one; nothing was deployed",
                                file, quote(app.id), quote(group.id), other_file),
                    2);
  std::map<std::string, std::string> files;
  for (const auto& [file, app] : apps) {
    const auto [first, fresh] = files.emplace(app.id, file);
    if (!fresh)
      throw Error(fmt::format("{}: the app {} is that of {}, too; name one of them; nothing was deployed", file,
                              quote(app.id), first->second == file ? "the same file" : first->second),
                  2);
  }
}

// Waits for what was begun; what does not come about in time is taken back.
void wait_for(World& world, Marathon& marathon, const std::string& id, const std::string& definition,
              const std::string& deployment, bool believed = false) {
  const Options& options = world.options();
  world.farewell = [&] { tell("given up waiting; Marathon goes on with {}\n", id); };
  const bool quiet = options.quiet > 0 || options.progress == "none";
  const std::function<void(const std::string&, milliseconds)> told = [&](const std::string& seen,
                                                                         milliseconds elapsed) {
    if (!quiet) tell("  ..  {}  {}   {}\n", id, seen, duration(elapsed));
  };
  AppTalk talk = marathon.talk();
  const milliseconds timeout = patience(options);
  const DeployedApp app{id, definition, deployment, believed};
  const AppEnd end = world.run(wait_for_app(talk, world.clock(), app, timeout, told));
  world.farewell = {};
  if (end.lacking.empty()) return;
  const std::string text = end.crashes
                               ? fmt::format("{} does not stay up: {}", id, end.lacking)
                               : fmt::format("{} did not get there in {}: {}", id, duration(timeout), end.lacking);
  AppTalk patient = marathon.patient_talk();
  if (!deployment.empty() && world.run(patient.cancel(deployment)))
    throw Error(text + "\nthe deployment was cancelled; Marathon goes back to what ran before", 7);
  throw Error(
      text + (end.crashes
                  ? "\nits deployment has ended, so nothing was taken back, and Marathon starts it again and "
                    "again; clusterctl app remove " +
                        shell_word(id) + " ends that"
                  : "\nits deployment has ended, so nothing was taken back; clusterctl app list shows how it is"),
      9);
}

void tell_begun(const World& world, const std::string& id, const std::string& deployment) {
  say("{}: deployment {} has begun; {} shows how far it is\n", id, deployment,
      next_command(world.options(), "app list"));
}

int finish(World& world, Marathon& marathon, const std::string& id, const std::string& definition,
           const std::string& deployment, const AppOptions& how) {
  if (how.no_wait && !world.options().json()) {
    tell_begun(world, id, deployment);
    return 0;
  }
  if (!how.no_wait) wait_for(world, marathon, id, definition, deployment);
  tell_end(world, marathon, id);
  return 0;
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

// Tells how the app is in the end, and returns it.
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
  AppState now = marathon.app(app.id);
  if (!json && (as_wanted || !how.no_wait)) say("{}\n", end_text(now));
  return now;
}

// Those that were deployed have run side by side meanwhile: all are waited for as long as one would be.
template <class Each>
void prove_all(World& world, Marathon& marathon, const std::vector<std::pair<std::string, App>>& apps,
               std::vector<AppState>& done, const Each& each) {
  for (const auto& [file, app] : apps) {
    const std::string& id = app.id;
    const auto at = std::find_if(done.begin(), done.end(), [&](const AppState& one) { return one.id == id; });
    if (at == done.end() || still_to_run(*at) == 0) continue;
    if (!each(file, [&] { wait_for(world, marathon, id, "", ""); })) done.erase(at);
  }
}

// Each file for itself: one that is refused does not keep the others from being deployed.
int run_deploy(const Options& options, const AppOptions& how) {
  std::vector<AppState> done;
  std::vector<int> failed;
  const auto each = [&](const std::string& file, const auto& work) {
    try {
      work();
      return true;
    } catch (const Error& e) {
      if (how.files.size() == 1) throw;
      tell("{}: {}\n", file, e.what());
      failed.push_back(e.exit_code());
      return false;
    }
  };
  std::vector<std::pair<std::string, App>> apps;
  for (const auto& file : how.files) each(file, [&] { apps.emplace_back(file, app_of(file).app); });
  refuse_twins(apps);
  if (!apps.empty()) {
    const Sources sources = load_sources(options);
    need_said(options, next_command(options, "app deploy", words_of(how.files, how)), sources);
    World world(options);
    Marathon marathon(world, sources);
    std::vector<std::string> ids;
    for (const auto& [file, app] : apps) ids.push_back(app.id);
    ask_guess(world,
              fmt::format("Deploy {} to {}?", joined(ids, ", "),
                          cluster_and_file(marathon.cluster(), sources.inventory.file)),
              marathon.cluster());
    const std::optional<Version> running = marathon.version();
    for (const auto& [file, app] : apps) {
      const App& given = app;
      each(file, [&, &name = file] {
        hold(name, running);
        done.push_back(deploy(world, marathon, sources, given, how));
      });
    }
    if (how.files.size() > 1 && !how.no_wait) prove_all(world, marathon, apps, done, each);
    if (options.json()) print_json(apps_json_text(marathon.cluster(), done));
  }
  if (failed.empty()) return 0;
  throw Error(fmt::format("{} of {} files were not deployed", failed.size(), how.files.size()),
              done.empty() ? failed.front() : 6);
}

int run_list(const Options& options) {
  const Sources sources = load_sources(options);
  tell_guess(options, sources);
  World world(options);
  Marathon marathon(world, sources);
  AppTalk talk = marathon.talk();
  const std::vector<AppState> apps = world.run(talk.list());
  if (options.json())
    print_json(apps_json_text(sources.inventory.cluster, apps));
  else
    write_out(apps_text(apps, look_of(STDOUT_FILENO, options.color)));
  return 0;
}

int run_scale(const Options& options, const AppOptions& how) {
  const std::string id = with_slash(how.id);
  const Sources sources = load_sources(options);
  need_said(options, next_command(options, "app scale", words_of({how.id, std::to_string(how.instances)}, how)),
            sources);
  World world(options);
  Marathon marathon(world, sources);
  const AppState before = marathon.app(id);
  if (before.instances == how.instances && before.settled()) {
    tell_end(world, marathon, id);
    return 0;
  }
  ask_guess(world,
            fmt::format("Scale {} of {} from {} to {}?", id,
                        cluster_and_file(marathon.cluster(), sources.inventory.file), before.instances, how.instances),
            marathon.cluster());
  AppTalk talk = marathon.patient_talk();
  const std::string deployment = world.run(talk.scale(id, how.instances, how.force));
  tell_inventory(sources, id, "goes back to its number of instances");
  return finish(world, marathon, id, "", deployment, how);
}

int run_remove(const Options& options, const AppOptions& how) {
  const std::string id = with_slash(how.id);
  const Sources sources = load_sources(options);
  need_said(options, next_command(options, "app remove", words_of({how.id}, how)), sources);
  World world(options);
  Marathon marathon(world, sources);
  const AppState before = marathon.app(id);
  const std::string question =
      fmt::format("Remove {} of {} and end its {}?", id, cluster_and_file(marathon.cluster(), sources.inventory.file),
                  counted(before.running, "task"));
  if (!ask_consent(world, question, marathon.cluster(), true)) throw Error("cancelled; nothing was changed", 10);
  AppTalk talk = marathon.patient_talk();
  const std::string deployment = world.run(talk.remove(id, how.force));
  tell_inventory(sources, id, "deploys it again");
  if (!how.no_wait && !world.run(wait_for_end(talk, world.clock(), deployment, patience(options))))
    throw Error(fmt::format("the tasks of {} did not end in {}; Marathon goes on with deployment {}", id,
                            duration(patience(options)), deployment),
                9);
  if (options.json())
    print_json(apps_json_text(marathon.cluster(), {}));
  else
    say("{} is removed\n", id);
  return 0;
}

}  // namespace

void add_app(Program& program) {
  const auto how = std::make_shared<AppOptions>();
  program.add("app", "the apps that Marathon keeps running", {});
  const auto add = [&](const char* name, const char* what, int (*run)(const Options&, const AppOptions&)) {
    return program.add_below("app", name, what, [&program, how, run] { return run(program.options, *how); })
        .json()
        .target();
  };
  const auto changes = [&](Command command) {
    command.flag("--force", how->force, "go over a deployment of the app that is under way")
        .flag("--no-wait", how->no_wait, "return when Marathon has taken it");
  };
  changes(add("deploy", "start apps, or change them, and wait until all of each runs", run_deploy)
              .arguments("file", how->files, "Marathon's definitions, in JSON or (*.yml) in YAML"));
  program.add_below("app", "list", "every app with its instances", [&program] { return run_list(program.options); })
      .json()
      .target();
  changes(add("scale", "change the number of an app's instances, and wait for them", run_scale)
              .argument("id", how->id, "the app, as /web", true)
              .argument("instances", how->instances, 0, 100000, "how many"));
  changes(add("remove", "end an app and its tasks; asks before", run_remove)
              .argument("id", how->id, "the app, as /web", true));
}

}  // namespace cctl
