// One instance against its host: what is to be done and why. Pure.
#pragma once
#include <set>
#include <string>

#include "model/error.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"

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
// The name under which an old container waits until the new one has passed its gate.
std::string previous_name(const std::string& container_name);

// What stands on the host cannot be compared with what is wanted: the host's fault, and no other row's.
class Incomparable : public Error {
 public:
  explicit Incomparable(HostFault what) : Error(what.in_words(), 3), fault(std::move(what)) {}
  HostFault fault;
};

// Throws Incomparable. Action::none with a reason when everything is as wanted. `wanted`: every path that an instance
// of the host has a file at.
Step diff_instance(const std::string& cluster, const Instance& instance, const ObservedHost& host,
                   const std::set<std::string>& wanted);

// What was pulled under its tag since is another image than the one that its container runs: it is made anew.
void take_new_image(const std::string& cluster, const Instance& instance, const ObservedHost& host, Step& step);

}  // namespace cctl
