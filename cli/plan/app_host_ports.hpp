// The ports of its slave that an app asks for by number, held against those that slaves offer. Pure.
// Source: Marathon's fields `ports`, `portDefinitions` and `portMappings`; Mesos' resource `ports` ("[31000-32000]").
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/prepare.hpp"

namespace cctl {

// Of every instance: hostPorts that are no 0, and ports and portDefinitions where requirePorts holds them to their
// number.
std::set<int> fixed_host_ports(const nlohmann::json& app);

// Ranges as a master tells them; nothing: it tells none.
std::optional<std::vector<Opening>> offered_ports(const nlohmann::json& slave, const char* pointer);

bool among_ports(const std::vector<Opening>& ranges, int port);
std::string ports_in_words(const std::vector<Opening>& ranges);  // "31000-32000, 80"

}  // namespace cctl
