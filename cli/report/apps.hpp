// Marathon's apps, as people and as programs read them.
#pragma once
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "report/terminal.hpp"

namespace cctl {

std::string apps_text(const std::vector<AppState>& apps, const Look& look);
// Schema clusterctl.apps/1; `removed`: ids of apps that are gone.
std::string apps_json_text(const std::string& cluster, const std::vector<AppState>& apps,
                           const std::vector<std::string>& removed = {});

}  // namespace cctl
