// The checks themselves, over what hosts told and what is wanted of them. Pure.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "look/request.hpp"
#include "model/absence.hpp"
#include "model/check.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "model/ruling.hpp"

namespace cctl {

struct NotLookedAt {
  Absence absence = Absence::away;
  std::string why;
};

struct CheckInput {
  Desired desired;  // of the hosts and components that are to be checked
  Observed observed;
  std::map<std::string, Facts> facts;         // of the hosts that could be asked
  std::map<std::string, NotLookedAt> absent;  // the others
};

// Names the facts that these checks go by.
void ask_checks(const std::set<std::string>& names, const Desired& desired, const std::string& host, LookRequest& out);

// Those of `names`, in the order of the list: one finding or more for each host, or each comparison, that they apply
// to.
std::vector<Finding> make_checks(const CheckInput& input, const std::set<std::string>& names);

// What is to be said of failures on these hosts, or of all hosts together, a line each; empty: nothing stands in the
// way.
std::string stopping(const std::vector<Finding>& findings, const std::set<std::string>& hosts);

// The commands that put right what was found; none: nothing that is safe to do unasked.
Ruling fix_of(const Finding& finding, const CheckInput& input);

// Every check, or `only` these, without `skip`. An unknown name is an Error (exit 2) that names the nearest.
std::set<std::string> chosen_checks(const std::vector<std::string>& only, const std::vector<std::string>& skip);
// Of the chosen ones those that are made before a plan is carried out: what is quick, and what an instance asks for
// that the plan creates.
std::set<std::string> checks_before(const Plan& plan, const std::set<std::string>& chosen);

}  // namespace cctl
