#include "plan/ahead.hpp"

#include <algorithm>

#include "plan/absent.hpp"
#include "plan/our_containers.hpp"

namespace cctl {
namespace {

const Step* step_on(const std::vector<Step>& steps, const std::string& host) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const Step& s) { return s.host == host; });
  return found == steps.end() ? nullptr : &*found;
}

// The host, where it and its engine could be asked.
const ObservedHost* seen(const Observed& observed, const std::string& host) {
  const auto found = observed.hosts.find(host);
  const bool answers = found != observed.hosts.end() && found->second.reachable && found->second.engine_error.empty();
  return answers ? &found->second : nullptr;
}

bool runs(const Desired& desired, const ObservedHost* host, const std::string& component) {
  const auto* container = host ? find_container(*host, desired.cluster, component, false) : nullptr;
  return container && container->state == "running";
}

// The members of a component before the wave `rolling`; those of `started` have been started before it.
std::vector<Member> members_ahead(const Desired& desired, const Observed& observed, const std::string& component,
                                  const std::vector<Step>& started, const std::vector<Step>& rolling) {
  std::vector<Member> out;
  for (const Instance* i : desired.of(component)) {
    const Step* turn = step_on(rolling, i->host);
    Member m;
    m.host = i->host;
    m.serving = runs(desired, seen(observed, i->host), component) || step_on(started, i->host);
    m.pending = turn != nullptr;
    m.empty = turn && turn->starts_empty;
    out.push_back(std::move(m));
  }
  return out;
}

// What to do about those that do not serve before a wave.
std::string way_out_of(const Desired& desired, const Observed& observed, const std::string& component,
                       const std::vector<Member>& members) {
  std::vector<std::string> unseen, idle, running;
  for (const Member& m : members) {
    const ObservedHost* host = seen(observed, m.host);
    (!host ? unseen : runs(desired, host, component) ? running : idle).push_back(m.host);
  }
  return way_out(component, unseen, idle, running);
}

// Which ensemble would lose its majority while everything on this host is down; empty: none.
std::string majority_lost_with(const Desired& desired, const Observed& observed, const std::string& host) {
  Step all_of_it;
  all_of_it.host = host;
  for (const ComponentPlan& c : desired.components) {
    if (!c.rollout.quorum || !desired.find(host, c.component)) continue;
    const auto members = members_ahead(desired, observed, c.component, {}, {all_of_it});
    const Turn turn = next_turn(members, true, false);
    if (!turn.refused.empty())
      return c.component + ": " + turn.refused + way_out_of(desired, observed, c.component, members);
  }
  return "";
}

}  // namespace

void foresee_turns(Plan& plan, const Observed& observed, const ComponentPlan& component, const Wave& calm,
                   Wave& rolling) {
  const Desired& desired = plan.first().desired;
  if (component.service)
    for (const Step& s : rolling.steps)
      if (const auto lost = majority_lost_with(desired, observed, s.host); !lost.empty()) {
        plan.refusals.push_back({8, lost});
        break;
      }
  if (!component.rollout.quorum) return;
  const auto members = members_ahead(desired, observed, component.component, calm.steps, rolling.steps);
  const Turns ahead = all_turns(members, true);
  for (Step& s : rolling.steps)
    if (const auto found = ahead.others_serve.find(s.host); found != ahead.others_serve.end())
      s.others_serve = found->second;
  if (ahead.refused.empty()) return;
  if (calm.steps.empty())
    plan.refusals.push_back(
        {8, component.component + ": " + ahead.refused + way_out_of(desired, observed, component.component, members)});
  else
    plan.warnings.push_back(component.component + ": no other member is changed after that: " + ahead.refused);
}

std::vector<Leaver> leavers(const Desired& desired, const Observed& observed, const std::string& component,
                            const std::vector<Step>& removed) {
  std::vector<Leaver> out;
  for (const Instance* i : desired.of(component)) {
    const ObservedHost* host = seen(observed, i->host);
    Leaver m;
    m.host = i->host;
    m.seen = host != nullptr;
    m.there = host && find_container(*host, desired.cluster, component, false);
    m.runs = runs(desired, host, component);
    m.goes = step_on(removed, i->host) != nullptr;
    out.push_back(std::move(m));
  }
  return out;
}

}  // namespace cctl
