// What differs between two containers, by name, with the old and the new value. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// Of two canonical specs; secrets are left out of both. Nothing where one of them cannot be read.
std::vector<SpecChange> spec_changes(const std::string& before, const std::string& after);

// "flag offer_timeout: 300000 -> 310000", "env JAVA_OPTS added: -Xmx1g", "mount /conf removed: was /etc/x".
std::string in_words(const SpecChange& change);

}  // namespace cctl
