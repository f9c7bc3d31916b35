// The manifest as it is kept on each host: JSON, read tolerantly, since another version of clusterctl may have written
// it.
#pragma once
#include <string>

#include "model/observed.hpp"

namespace cctl {

// Where a cluster's manifest, lock and holder's line live on each host.
std::string manifest_directory(const std::string& cluster);
std::string manifest_path(const std::string& cluster);

std::string to_json(const Manifest& manifest);
// An empty manifest, damaged unless the text is empty, for what is no JSON object: losing it costs only the way back.
Manifest manifest_from_json(const std::string& text);

}  // namespace cctl
