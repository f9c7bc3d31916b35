// One instance against its host: what is to be done and why. Pure.
#pragma once
#include <set>
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// Throws Incomparable (plan/file_changes.hpp). Action::none with a reason when everything is as wanted. `wanted`: every
// path that an instance of the host has a file at.
Step diff_instance(const std::string& cluster, const Instance& instance, const ObservedHost& host,
                   const std::set<std::string>& wanted);

}  // namespace cctl
