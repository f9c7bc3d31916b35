// Members of an ensemble that would start without the data that others have. Pure.
// Source: a member votes with whatever it has; a majority of empty ones elects one of themselves, and the others then
// throw their data away to follow it (ZOOKEEPER-261).
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// Where the data is that `data` tells of. It is there without the file where a member ran alone, which elects nobody.
std::string directory_of(const MemberData& data);

struct MemberHolding {
  std::string host;
  bool seen = false;    // its disk was looked at
  bool holds = false;   // and has data of its ensemble
  bool starts = false;  // it does not run, and is about to
};

struct EmptyStarts {
  std::set<std::string> after_others;  // hosts whose members start one by one, beside a majority that serves
  std::string refused;                 // why none may start
};

// The members of a component whose playbook says where data is; none where it does not.
std::vector<MemberHolding> holdings(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                                    const std::vector<Step>& steps);

// A new ensemble, of which nobody holds anything, starts as it likes. `directory` is where the data is, for the text;
// `waits`: empty ones do not elect each other, but get nowhere without a majority that has data (Mesos' replicated
// log).
EmptyStarts empty_starts(const std::string& component, const std::string& directory,
                         const std::vector<MemberHolding>& members, bool waits = false);

// The same of a component and the steps that are to be made; nothing where its playbook does not say where data is.
EmptyStarts empty_starts(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                         const std::vector<Step>& steps);

// Its member has served: from then on its disk has data, whatever is in it.
void hold_data(const Instance& instance, ObservedHost& host);

}  // namespace cctl
