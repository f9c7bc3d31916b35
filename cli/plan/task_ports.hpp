// The ports that a component gives to what it runs for others. Pure.
// Source: Mesos' resources, as text ("ports:[31000-32000];cpus:2") and as JSON.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/prepare.hpp"

namespace cctl {

// The ranges that resources name, of any role; nothing where they say nothing of ports, or are in a file.
std::optional<std::vector<Opening>> task_ports_of(const std::string& resources);

}  // namespace cctl
