// Flags whose values a program keeps from its first start on, and refuses to start without (a slave's attributes).
// Pure.
#pragma once
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// "mesos-slave on s1 gets other attributes: ...", when the step gives another value to one of them; else empty. What
// was there before is read from the manifest's last spec and from the files that the step writes.
std::string kept_flags_changed(const Instance& instance, const ObservedHost& host, const Step& step);

}  // namespace cctl
