// Who belongs to an ensemble, and what an inventory would change about that. Pure.
// Source: an ensemble whose members are told of different members elects two leaders (ZooKeeper's static configuration,
// Consul's bootstrap_expect, the replicated log of Mesos masters).
#pragma once
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// Of each component of which a majority counts, told to every instance of it.
void tell_members(Desired& desired);

// "slave1 leaves", "slave2 joins", "m2 moves from 10.0.0.2 to 10.0.0.3", "m2 changes its id from 2 to 77",
// "m2 changes its port client from 2181 to 2182". What was written down without ports says nothing about them.
std::vector<std::string> member_changes(const Members& before, const Members& after);

// Why an ensemble that is there would become another one; empty: it would not. Only containers that are there count: an
// ensemble that was taken down may come up as another.
std::string ensemble_changed(const Desired& desired, const Observed& observed, const std::string& component);

}  // namespace cctl
