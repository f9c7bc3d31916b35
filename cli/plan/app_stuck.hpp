// Why an app does not start, from Marathon's launch queue and its last failure. Pure.
// Source: domain facts 2.6 (memory offered is that of the machine, whatever is cached) and Marathon's /v2/queue.
#pragma once
#include <string>

#include "model/spec.hpp"

namespace cctl {

// One sentence; empty when neither answer tells.
std::string app_stuck(const AppSpec& app, const std::string& queue, const std::string& app_answer);

}  // namespace cctl
