// Containers that a component runs for others: tasks of Mesos. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// Whether it bears a name that the component itself gives: "mesos-", or what is said instead, and eight hexadecimal
// digits.
bool is_guest(const std::string& name, const std::string& prefix);

// How many tasks run, by the beginnings of their names alone: what stands beside a task (its executor) is none of its
// own.
int running_guests(const Instance& instance, const ObservedHost& host);
// Those of all components that have ended and bear such a name, tasks and what stood beside them.
std::vector<const ObservedContainer*> ended_guests(const Desired& desired, const ObservedHost& host);

}  // namespace cctl
