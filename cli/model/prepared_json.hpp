// What was done to prepare a host, as JSON; read tolerantly, since another version of clusterctl may have written it.
#pragma once
#include <string>
#include <vector>

#include "model/prepare.hpp"

namespace cctl {

std::string prepared_path(const std::string& cluster);
std::string to_json(const std::vector<Prepared>& done);
// Empty for a text that is no such JSON: losing it costs only the way back.
std::vector<Prepared> prepared_from_json(const std::string& text);

}  // namespace cctl
