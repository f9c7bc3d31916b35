// Ensembles whose data says who their members are. Pure.
// Source: raft keeps its voters in the data; one that is left of five elects nobody, for ever (domain facts 5.3), and
// no inventory changes that. A file beside the data gives it other voters at its next start.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// One that the inventory wants.
struct ListedMember {
  std::string host;
  bool seen = false;           // its disk was looked at
  bool holds = false;          // and has data of an ensemble
  bool recovers = false;       // and beside it the file that gives it other members
  std::set<std::string> then;  // whose members were these hosts, as its manifest remembers; empty: nobody knows
};

struct Ensembles {
  bool stranded = false;         // none of those that data tells of has a majority among these members: nobody leads
  std::set<std::string> rivals;  // more than one has: hosts of all but the first
};

// One whose disk was not looked at may be of any ensemble that lists it.
Ensembles ensembles_of(const std::vector<ListedMember>& members);

// Why a component must not start as the inventory has it, and the way that works; empty: it may. Nothing where its
// playbook does not say that data lists members, or no manifest remembers who they were.
std::string stranded(const Desired& desired, const Observed& observed, const ComponentPlan& component);

}  // namespace cctl
