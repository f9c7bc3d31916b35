// The way from a command to the cluster's Marathon: whatever component of it keeps apps running.
#pragma once
#include <optional>
#include <string>

#include "apply/app_talk.hpp"
#include "apply/hosts.hpp"
#include "commands/world.hpp"
#include "model/sources.hpp"
#include "model/version.hpp"
#include "plan/expand_apps.hpp"

namespace cctl {

class Marathon {
 public:
  // Connects to the hosts that run it. Error: 2 where the inventory has none, 4 where none of its hosts can be reached.
  Marathon(World& world, const Sources& sources);

  AppTalk talk();          // fails at once while no Marathon answers
  AppTalk patient_talk();  // waits for one
  const std::vector<std::string>& addresses() const { return runner_.addresses; }
  int port() const { return runner_.port; }
  const std::string& cluster() const { return cluster_; }

  // The release that runs; empty: what it says is no release's number.
  std::optional<Version> version();

  // The app as Marathon has it; Error (2) with the nearest of its apps where there is none.
  AppState app(const std::string& id);

 private:
  World& world_;
  std::string cluster_;
  AppRunner runner_;
  Hosts hosts_;
  std::string host_;  // the one that is asked from
};

}  // namespace cctl
