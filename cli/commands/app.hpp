// What the commands below `app` share: their words, what is told of an app, and the wait for it.
#pragma once
#include <string>
#include <vector>

#include "commands/marathon.hpp"
#include "commands/options.hpp"
#include "commands/world.hpp"
#include "model/app_state.hpp"
#include "model/sources.hpp"

namespace cctl {

struct AppOptions {
  std::vector<std::string> files;
  std::vector<std::string> ids;
  std::string id;
  int instances = 0;
  bool force = false, no_wait = false;
};

// Each is one subcommand; the exit code.
int run_app_deploy(const Options& options, const AppOptions& how);
int run_app_list(const Options& options);
int run_app_scale(const Options& options, const AppOptions& how);
int run_app_remove(const Options& options, const AppOptions& how);

std::chrono::milliseconds patience(const Options& options);
std::string with_slash(const std::string& id);
// The words of a command, told again.
std::vector<std::string> words_of(std::vector<std::string> out, const AppOptions& how);
// What the inventory wants of the app, where it has it: the next up goes back to that.
void tell_inventory(const Sources& sources, const std::string& id, const std::string& what);
std::string end_text(const AppState& now);
void tell_begun(const World& world, const std::string& id, const std::string& deployment);
// Waits for what was begun; what does not come about in time is taken back.
void wait_for(World& world, Marathon& marathon, const std::string& id, const std::string& definition,
              const std::string& deployment, bool believed = false);

}  // namespace cctl
