// What apps are to each other: which waits for which, and what two of them cannot both have. Pure.
#pragma once
#include <optional>
#include <vector>

#include "load/apps.hpp"
#include "model/version.hpp"

namespace cctl {

// Apps that wait for each other, be it by way of a group.
void check_app_circles(const std::vector<ReadApp>& apps, Mistakes& mistakes);
// An id that is another app's group, and names and ports that Marathon gives to one app alone. Empty version: unknown.
void check_apps_apart(const std::vector<ReadApp>& apps, const std::optional<Version>& marathon, Mistakes& mistakes);

}  // namespace cctl
