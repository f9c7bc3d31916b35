#include "plan/members.hpp"

#include <fmt/format.h>

#include <sstream>

#include "plan/our_containers.hpp"

namespace cctl {
namespace {

// "1@10.0.0.1 client:2181 peer:2888"
struct MemberRow {
  explicit MemberRow(const std::string& text) {
    std::istringstream words(text);
    words >> address;
    const auto at = address.find('@');
    id = address.substr(0, at);
    address = address.substr(at + 1);
    for (std::string word; words >> word;) ports[word.substr(0, word.find(':'))] = word.substr(word.find(':') + 1);
  }
  std::string id, address;
  std::map<std::string, std::string> ports;
};

Members members_of(const Desired& desired, const std::string& component) {
  Members out;
  for (const auto* i : desired.of(component)) {
    std::string& member = out[i->host] = std::to_string(i->member_id) + "@" + i->ip;
    for (const auto& [name, port] : i->ports) member += fmt::format(" {}:{}", name, port);
  }
  return out;
}

void tell_changes(std::vector<std::string>& out, const std::string& host, const MemberRow& was, const MemberRow& is) {
  if (was.address != is.address)
    out.push_back(fmt::format("{} moves from {} to {}", host, was.address, is.address));
  else if (was.id != is.id)
    out.push_back(fmt::format("{} changes its id from {} to {}", host, was.id, is.id));
  for (const auto& [name, port] : was.ports)
    if (const auto now = is.ports.find(name); now != is.ports.end() && now->second != port)
      out.push_back(fmt::format("{} changes its port {} from {} to {}", host, name, port, now->second));
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
    else
      tell_changes(out, host, MemberRow(was), MemberRow(is->second));
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
  return component + " would become another ensemble while it runs: " + text +
         "; members told of different ensembles elect two leaders, and who uses it looks in the old place. Put that "
         "back, or take it down first (clusterctl "
         "down --component " +
         component + " keeps its data) and let up start it with its new members";
}

}  // namespace cctl
