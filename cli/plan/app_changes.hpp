// What differs between an app that runs and its definition, by name, with the old and the new value. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// `running`: Marathon's answer about the app; `wanted`: the definition. Marathon adds what a definition does not say,
// and some of what it says it keeps in another place (container.docker.portMappings from 1.5 on): only what both say,
// and what certainly is new or gone, is told. Secrets are left out. Nothing where one of them cannot be read.
std::vector<SpecChange> app_changes(const std::string& running, const std::string& wanted);

}  // namespace cctl
