// One instance against its host: what is to be done and why. Pure.
#pragma once
#include <set>
#include <string>

#include "model/error.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

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
