// Settings with which a host's service wakes up in another, empty world. Pure.
#pragma once
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// Why a step must not be made while its host runs anything, with what to do first; empty: it may. What an engine ran is
// not in the world that it would wake up in, and a rollback finds it stopped.
std::string other_world(const std::string& cluster, const Step& step, const ObservedHost& host);

}  // namespace cctl
