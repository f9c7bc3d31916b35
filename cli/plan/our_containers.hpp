// Which containers of a host are ours. Pure.
#pragma once
#include <string>

#include "model/observed.hpp"

namespace cctl {

// Labels alone are no identity, for whoever may start containers writes them as he likes: a container is ours by its
// name, cctl-CLUSTER-COMPONENT (with .previous), and its labels together.
std::string container_name(const std::string& cluster, const std::string& component);
bool is_ours(const ObservedContainer& container, const std::string& cluster);
// One of ours that somebody renamed: it has the labels, and was made from what the manifest remembers; or null.
const ObservedContainer* find_renamed(const ObservedHost& host, const std::string& cluster,
                                      const std::string& component);
// Our container of this component, or null. `previous` asks for the one an interrupted run kept.
const ObservedContainer* find_container(const ObservedHost& host, const std::string& cluster,
                                        const std::string& component, bool previous);
// Somebody else's container has the name, so that none of ours can be made.
bool is_name_taken(const ObservedHost& host, const std::string& cluster, const std::string& name);
// The name under which an old container waits until the new one has passed its gate.
std::string previous_name(const std::string& container_name);

}  // namespace cctl
