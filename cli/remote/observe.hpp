// What observe asks of a host's shell, and how the answer is read.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "apply/doors.hpp"

namespace cctl {

// A POSIX script that prints facts, the manifest and files between two marks. Only what busybox has, too.
std::string observe_script(const ObserveRequest& request, const std::string& mark);
// Fills the facts, files and manifest. Throws Error when the answer is not whole.
void read_observation(const std::string& answer, const ObserveRequest& request, const std::string& mark, ObservedHost& host);
// From GET /version, /containers/json?all=1 and /images/json.
void read_engine(const nlohmann::json& version, const nlohmann::json& containers, const nlohmann::json& images, ObservedHost& host);

}  // namespace cctl
