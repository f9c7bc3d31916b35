// The preparation of hosts as the first waves of a leg, and its undoing as waves of `down`. Pure.
#pragma once
#include <map>
#include <set>
#include <string>

#include "look/request.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// Names the facts that the items go by which are not off. `ip`: the host's.
void ask_preparation(const Prepare& wanted, const std::string& ip, LookRequest& out);

// What is wrong and may be put right becomes a wave for each item, before all others; what is only to be told, a
// warning; what was to be put right and cannot be, a refusal (exit 3). `facts` are those of the hosts that were asked.
void add_preparation(Plan& plan, const Prepare& wanted, const std::map<std::string, Facts>& facts);

// Puts back what preparing did, after the containers are gone and before the files are. What is kept on a host and no
// rule of `prepare:` can have made is not run, and stays there; a warning tells.
void add_undoing(Plan& plan, const Observed& observed, const std::set<std::string>& limit);

// Whether the step, or the leg itself, brings an engine to the host, which has none that runs.
bool brings_engine(const Step& step);
bool brings_engine(const Leg& leg, const std::string& host);

}  // namespace cctl
