// clusterctl app deploy|list|scale|remove: the apps that the cluster's Marathon keeps running.
#include "commands/app.hpp"

#include <memory>

#include "commands/commands.hpp"

namespace cctl {

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
  changes(add("deploy", "start apps, or change them, and wait until all of each runs", run_app_deploy)
              .arguments("file", how->files, "Marathon's definitions, in JSON or (*.yml) in YAML"));
  program.add_below("app", "list", "every app with its instances", [&program] { return run_app_list(program.options); })
      .json()
      .target();
  changes(add("scale", "change the number of an app's instances, and wait for them", run_app_scale)
              .argument("id", how->id, "the app, as /web", true)
              .argument("instances", how->instances, 0, 100000, "how many"));
  changes(add("remove", "end apps and their tasks; asks before", run_app_remove)
              .arguments("id", how->ids, "the apps, as /web"));
}

}  // namespace cctl
