// Whether an ensemble starts for the first time: of which members that start may begin a new one (etcd's
// initial-cluster-state new). Three answers. Pure.
//   yes: every member's disk was looked at, and none has begun;
//   no: some member has begun. Whoever starts beside it joins what is there: also one whose data is gone, and one that
//     the inventory lists since, which the running members have to be told of first;
//   unknown: none is seen to have begun, and a member was not looked at. It may hold the data of all.
// A member has begun when it holds data; not so while all that hold some were made for a new ensemble whose gate has
// not passed since (Manifest::beginning), or a first start that was killed could not be gone on with.
#pragma once
#include <string>

#include "model/plan.hpp"

namespace cctl {

// What the new containers among these steps are given once. The text is why none may start; empty: they may.
std::string begin_ensemble(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                           std::vector<Step>& steps);

}  // namespace cctl
