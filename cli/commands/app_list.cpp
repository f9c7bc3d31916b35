// clusterctl app list: every app with its instances.
#include <unistd.h>

#include "commands/app.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "report/apps.hpp"

namespace cctl {

int run_app_list(const Options& options) {
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

}  // namespace cctl
