// Marathon's apps, as people and as programs read them.
#pragma once
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "model/mistake.hpp"
#include "report/terminal.hpp"

namespace cctl {

// What became of one of those that a command was told to change.
struct AppOutcome {
  std::string file;  // that was given; empty: its id was
  std::string id;    // empty: the file holds none that could be read
  std::string became = "not begun";
  std::string error;  // of what failed
  int exit_code = 0;
  std::vector<Mistake> mistakes = {};  // in its file
};

std::string apps_text(const std::vector<AppState>& apps, const Look& look);
// Schema clusterctl.apps/1; `cluster`: empty where it was not looked for; `removed`: ids of apps that are gone.
std::string apps_json_text(const std::string& cluster, const std::vector<AppState>& apps,
                           const std::vector<AppOutcome>& outcomes = {}, const std::vector<std::string>& removed = {});

}  // namespace cctl
