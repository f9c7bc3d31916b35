// clusterctl app scale: another number of an app's instances, waited for.
#include <fmt/format.h>

#include "commands/app.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "report/apps.hpp"

namespace cctl {
namespace {

void tell_end(World& world, Marathon& marathon, const std::string& id) {
  const AppState now = marathon.app(id);
  if (world.options().json())
    print_json(apps_json_text(marathon.cluster(), {now}));
  else
    say("{}\n", end_text(now));
}

}  // namespace

int run_app_scale(const Options& options, const AppOptions& how) {
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
  if (how.no_wait && !options.json()) {
    tell_begun(world, id, deployment);
    return 0;
  }
  if (!how.no_wait) wait_for(world, marathon, id, "", deployment);
  tell_end(world, marathon, id);
  return 0;
}

}  // namespace cctl
