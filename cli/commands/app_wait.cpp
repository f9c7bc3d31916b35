#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "apply/log.hpp"
#include "commands/app.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"
#include "plan/app_pulse.hpp"
#include "report/words.hpp"

namespace cctl {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPatience{300000};  // an image is pulled first

}  // namespace

milliseconds patience(const Options& options) {
  return options.timeout > 0 ? milliseconds(static_cast<long long>(options.timeout * 1000)) : kPatience;
}

std::string with_slash(const std::string& id) {
  return id.starts_with('/') ? id : "/" + id;
}

std::vector<std::string> words_of(std::vector<std::string> out, const AppOptions& how) {
  if (how.force) out.emplace_back("--force");
  if (how.no_wait) out.emplace_back("--no-wait");
  return out;
}

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

void tell_begun(const World& world, const std::string& id, const std::string& deployment) {
  say("{}: deployment {} has begun; {} shows how far it is\n", id, deployment,
      next_command(world.options(), "app list"));
}

void wait_for(World& world, Marathon& marathon, const std::string& id, const std::string& definition,
              const std::string& deployment, bool believed) {
  const Options& options = world.options();
  world.farewell = [&] { tell("given up waiting; Marathon goes on with {}\n", id); };
  const bool quiet = options.quiet > 0 || options.progress == "none";
  const std::function<void(const std::string&, milliseconds)> told = [&](const std::string& seen,
                                                                         milliseconds elapsed) {
    log_line("", "waiting for " + id + ": " + seen);
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

}  // namespace cctl
