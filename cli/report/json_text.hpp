// JSON as it leaves the program: only ASCII stands in it, what is no UTF-8 is U+FFFD, known secrets are hidden.
#pragma once
#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cctl {

std::string json_text(const nlohmann::json& document);

// One line of --progress json: the event with its time, "2026-11-28T14:31:39.042Z".
std::string event_line(nlohmann::json event, std::chrono::system_clock::time_point time);

}  // namespace cctl
