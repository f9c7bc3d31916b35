// The services that the components of a host bring to the catalogue there, as rows for the templates of whoever keeps
// it.
#pragma once
#include "plan/scope_vars.hpp"

namespace cctl {

using ScopeOf = std::map<InstanceKey, std::shared_ptr<Scope>>;
// By host, in the order in which the components start. Two services of one name on a host are a mistake.
std::map<std::string, SharedRows> registered_rows(const Sources& sources, const Placement& placement,
                                                  const ScopeOf& scopes, const TellBad& tell);

}  // namespace cctl
