// Which app waits for which: Marathon refuses circles, whose apps would wait for each other for ever. Pure.
#pragma once
#include <vector>

#include "load/apps.hpp"

namespace cctl {

// Apps that wait for each other, be it by way of a group.
void check_app_circles(const std::vector<ReadApp>& apps, Mistakes& mistakes);

}  // namespace cctl
