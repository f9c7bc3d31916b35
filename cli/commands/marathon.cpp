#include "commands/marathon.hpp"

#include "commands/context.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/mistake.hpp"
#include "plan/place.hpp"

namespace cctl {

Marathon::Marathon(World& world, const Sources& sources) : world_(world), cluster_(sources.inventory.cluster) {
  std::vector<Mistake> ignored;
  runner_ = app_runner(sources, place(sources, ignored));
  if (runner_.component.empty())
    throw Error(fmt::format("no component of {} keeps apps running: add `marathon` to versions in {}",
                            sources.inventory.cluster, sources.inventory.file),
                2);
  std::vector<Host> all;
  for (const Host* host : runner_.hosts) all.push_back(*host);
  hosts_ = world.run(connect_all(world.network(), all, connect_limits(world.options())));
  for (const Host& host : all)
    if (host_.empty() && hosts_.door(host.name)) host_ = host.name;
  if (!host_.empty()) return;
  std::string text;
  for (const auto& [name, why] : hosts_.absent()) text += told_absent(why.absence, name, why.error.what()) + "\n";
  throw Error(text + "no host of " + runner_.component + " can be asked", 4);
}

AppTalk Marathon::talk() {
  return AppTalk(hosts_.at(host_), runner_.addresses, runner_.port);
}

AppTalk Marathon::patient_talk() {
  return talk().patient(world_.clock());
}

std::optional<Version> Marathon::version() {
  AppTalk marathon = patient_talk();
  return Version::parse(world_.run(marathon.version()));
}

AppState Marathon::app(const std::string& id) {
  if (id == "/") throw Error("\"/\" is the group of all apps, not an app; clusterctl app list shows what there is", 2);
  AppTalk marathon = patient_talk();
  if (const auto found = world_.run(marathon.find(id))) return *found;
  std::vector<std::string> known, inside;
  for (const AppState& app : world_.run(marathon.list())) {
    known.push_back(app.id);
    if (app.id.starts_with(id + "/")) inside.push_back(app.id);
  }
  if (!inside.empty())
    throw Error(fmt::format("{} is a group, not an app; its apps: {}", id, fmt::join(inside, ", ")), 2);
  throw Error(fmt::format("unknown app \"{}\"{}; clusterctl app list shows what there is", id, did_you_mean(id, known)),
              2);
}

}  // namespace cctl
