#include "plan/members.hpp"

#include "plan/diff_instance.hpp"

namespace cctl {
namespace {

std::string id_of(const std::string& member) {
  return member.substr(0, member.find('@'));
}

std::string address_of(const std::string& member) {
  return member.substr(member.find('@') + 1);
}

Members members_of(const Desired& desired, const std::string& component) {
  Members out;
  for (const auto* i : desired.of(component)) out[i->host] = std::to_string(i->member_id) + "@" + i->ip;
  return out;
}

}  // namespace

void tell_members(Desired& desired) {
  for (const auto& component : desired.components) {
    if (!component.rollout.quorum) continue;
    const Members members = members_of(desired, component.component);
    for (auto& i : desired.instances)
      if (i.component == component.component) i.members = members;
  }
}

std::vector<std::string> member_changes(const Members& before, const Members& after) {
  std::vector<std::string> out;
  for (const auto& [host, was] : before) {
    const auto is = after.find(host);
    if (is == after.end())
      out.push_back(host + " leaves");
    else if (address_of(was) != address_of(is->second))
      out.push_back(host + " moves from " + address_of(was) + " to " + address_of(is->second));
    else if (was != is->second)
      out.push_back(host + " changes its id from " + id_of(was) + " to " + id_of(is->second));
  }
  for (const auto& [host, is] : after)
    if (!before.count(host)) out.push_back(host + " joins");
  return out;
}

std::string ensemble_changed(const Desired& desired, const Observed& observed, const std::string& component) {
  const Members after = members_of(desired, component);
  std::vector<std::string> changes;
  for (const auto& [name, host] : observed.hosts) {
    if (!find_container(host, desired.cluster, component, false)) continue;
    if (const auto before = host.manifest.members.find(component); before != host.manifest.members.end())
      changes = member_changes(before->second, after);
    else if (!after.count(name))
      changes = {name + " leaves"};
    if (!changes.empty()) break;
  }
  if (changes.empty()) return "";
  std::string text;
  for (const auto& change : changes) text += (text.empty() ? "" : ", ") + change;
  return component + " would get other members while it runs: " + text +
         "; members told of different ensembles elect two leaders. Put that back, or take it down first (clusterctl "
         "down --component " +
         component + " keeps its data) and let up start it with its new members";
}

}  // namespace cctl
