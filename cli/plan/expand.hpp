// From sources to desired state: every template rendered, every flag in its place, every digest taken. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/member_ids.hpp"

namespace cctl {

// The id files to look at before expand, per host (path only; empty when no component has member ids).
std::map<std::string, std::vector<std::string>> id_paths(const Sources& sources);

Desired expand(const Sources& sources, const KnownIds& ids, std::vector<Mistake>& mistakes);

}  // namespace cctl
