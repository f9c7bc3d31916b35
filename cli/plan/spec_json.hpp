// The canonical form of a container spec and digests.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/spec.hpp"

namespace cctl {

// JSON with sorted keys; defaults, labels and the name are left out, so that a new field of a newer clusterctl changes
// no digest.
std::string canonical_json(const ContainerSpec& spec);
std::string sha256_hex(const std::string& bytes);
// The line an operator would type: docker run -d --name ...
std::vector<std::string> docker_run_words(const ContainerSpec& spec);
std::string docker_run_line(const ContainerSpec& spec);

// A JSON object of texts and numbers; Error when it is none.
std::map<std::string, std::string> texts_of_json(const std::string& text);

}  // namespace cctl
