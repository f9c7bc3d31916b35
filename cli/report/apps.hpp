// Marathon's apps, as people and as programs read them.
#pragma once
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "report/terminal.hpp"

namespace cctl {

std::string apps_text(const std::vector<AppState>& apps, const Look& look);
std::string apps_json_text(const std::string& cluster, const std::vector<AppState>& apps);  // schema clusterctl.apps/1

}  // namespace cctl
