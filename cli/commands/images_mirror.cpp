// clusterctl images mirror: from the images' registries to another one.
#include <cstdlib>
#include <filesystem>

#include "commands/at_terminal.hpp"
#include "commands/context.hpp"
#include "commands/farewell.hpp"
#include "commands/images.hpp"
#include "commands/images_progress.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "model/outside_json.hpp"
#include "model/process_group.hpp"
#include "model/read_local.hpp"
#include "model/secrets.hpp"

namespace cctl {
namespace {

std::string docker_config() {
  const char* directory = std::getenv("DOCKER_CONFIG");
  const char* home = std::getenv("HOME");
  return directory && *directory ? std::string(directory) + "/config.json"
                                 : std::string(home ? home : "") + "/.docker/config.json";
}

// Asks the program that keeps the passwords for Docker.
Login ask_helper(const std::string& helper, const std::string& name) {
  tell("asking docker-credential-{}, as {} says, for the login at {}\n", helper, docker_config(), name);
  // Somebody may have to unlock what it keeps them in.
  const ProgramResult result = run_program({"docker-credential-" + helper, "get"},
                                           {.input = name, .time = std::chrono::minutes(2), .bytes = 1 << 20});
  if (result.status == 127)
    throw Error("docker-credential-" + helper + ", which " + docker_config() + " names, is not installed");
  if (result.status != 0) return {};  // it knows no login there
  const OutsideJson answer = parse_outside(result.out);
  keep_secret(text_in(answer.value, "Secret"));
  return {text_in(answer.value, "Username"), text_in(answer.value, "Secret")};
}

}  // namespace

Login login_at(const std::string& host) {
  const std::string file = docker_config();
  if (!std::filesystem::exists(file)) return {};
  constexpr std::size_t longest = 16 << 20;
  const LocalText read = read_own(file, longest);  // it names programs that are run
  if (!read) throw Error(file + " cannot be read: " + read.fault);
  const LoginEntry entry = login_in(read.text, host);
  return entry.helper.empty() ? entry.login : ask_helper(entry.helper, login_name(host));
}

Registries open_registries(const ImagesOptions& wanted) {
  RegistrySettings settings;
  settings.insecure = {wanted.insecure.begin(), wanted.insecure.end()};
  settings.login = login_at;
  settings.say = [](const std::string& sentence) { tell("{}\n", sentence); };
  return Registries(std::move(settings));
}

int images_mirror(const Options& options, const ImagesOptions& wanted) {
  check_prefix("--to", wanted.to);
  if (!wanted.from.empty()) check_prefix("--from", wanted.from);
  const Sources sources = load_sources(options);
  tell_target(options, sources);
  const std::vector<NeededImage> images = images_of(options, sources, expand_sources(sources, {}));
  std::vector<CopyJob> jobs;
  for (const NeededImage& image : images)
    jobs.push_back({ImageName::parse(image.source(wanted.from, wanted.to)), ImageName::parse(image.target(wanted.to))});
  const auto progress = progress_for(options);
  Registries registries = open_registries(wanted);
  RegistrySource source(registries);
  Registry& to = registries.at(jobs.front().target.host);
  std::vector<CopyResult> results;
  {
    const Farewell farewell(arrived_is_kept);
    CopyWatcher watcher(*progress, to.name(), jobs);
    results = copy_images(source, to, jobs, wanted.all_platforms, watcher);
  }
  return tell_copied(options, &sources, results, inventory_lines(images, wanted.to));
}

}  // namespace cctl
