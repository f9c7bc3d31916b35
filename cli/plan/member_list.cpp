#include "plan/member_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/shell_words.hpp"
#include "plan/entries.hpp"
#include "plan/our_containers.hpp"
#include "plan/quorum.hpp"

namespace cctl {
namespace {

// Whether those of an ensemble that are wanted may be a majority of it; `surely`: all of them remember that very one.
bool leads(const std::set<std::string>& ensemble, const std::vector<ListedMember>& members, bool surely) {
  const auto votes = std::count_if(members.begin(), members.end(), [&](const ListedMember& m) {
    return ensemble.count(m.host) && (m.holds ? !surely || m.then == ensemble : !surely && !m.seen);
  });
  return votes >= majority(static_cast<int>(ensemble.size()));
}

std::string entry_of(const Instance& instance, const ObservedHost& host) {
  std::string key = "...", entry = instance.member_list.each;
  if (const auto file = host.files.find(instance.member_list.key); file != host.files.end() && file->second.exists)
    key = file->second.content.substr(0, file->second.content.find_first_of(" \r\n"));
  if (const auto at = entry.find("KEY"); at != entry.npos) entry.replace(at, 3, key);
  return entry;
}

ListedMember member_of(const Instance& instance, const ObservedHost* host) {
  ListedMember out;
  out.host = instance.host;
  // What cannot be listed may hold anything.
  const std::string directory = parent_of(instance.member_list.file);
  const bool unread = host && host->files.count(directory) && host->files.at(directory).unread;
  out.seen = host != nullptr && !unread;
  out.holds = host && entry_at(*host, instance.member_list.file);
  if (!out.holds) return out;
  out.recovers = entry_at(*host, instance.member_list.recover);
  if (const auto then = host->manifest.members.find(instance.component); then != host->manifest.members.end())
    for (const auto& [name, member] : then->second) out.then.insert(name);
  return out;
}

}  // namespace

Ensembles ensembles_of(const std::vector<ListedMember>& members) {
  std::set<std::set<std::string>> all;
  bool told = true;
  for (const auto& m : members) {
    if (!m.holds) continue;
    if (m.then.empty()) return {};
    all.insert(m.then);
    told = told && m.recovers;
  }
  Ensembles out;
  if (all.empty() || told) return out;
  out.stranded = std::none_of(all.begin(), all.end(), [&](const auto& e) { return leads(e, members, false); });
  bool first = true;
  for (const auto& ensemble : all) {
    if (!leads(ensemble, members, true)) continue;
    for (const auto& m : members)
      if (!first && m.holds && m.then == ensemble) out.rivals.insert(m.host);
    first = false;
  }
  return out;
}

std::string stranded(const Desired& desired, const Observed& observed, const ComponentPlan& component) {
  const auto wanted = desired.of(component.component);
  if (wanted.empty() || !wanted.front()->member_list.used()) return "";
  std::vector<ListedMember> members;
  std::vector<std::string> holders, entries;
  std::set<std::string> gone;
  for (const auto* i : wanted) {
    const auto found = observed.hosts.find(i->host);
    const ObservedHost* host = found == observed.hosts.end() || !found->second.reachable ? nullptr : &found->second;
    // An ensemble that runs has a rule of its own.
    if (host && find_container(*host, desired.cluster, component.component, false)) return "";
    members.push_back(member_of(*i, host));
    if (!members.back().holds) continue;
    holders.push_back(i->host);
    entries.push_back(entry_of(*i, *host));
    gone.insert(members.back().then.begin(), members.back().then.end());
  }
  const Ensembles found = ensembles_of(members);
  const std::string& recover = wanted.front()->member_list.recover;
  if (!found.rivals.empty())
    return fmt::format(
        "the data of {} tells of different members on {} than on the others, and each have their majority: both would "
        "lead; move {} away where it is not wanted, and it comes anew from the others",
        component.component, fmt::join(found.rivals, ", "), parent_of(recover));
  if (!found.stranded) return "";
  const std::size_t then = gone.size();
  for (const auto* i : wanted) gone.erase(i->host);
  return fmt::format(
      "the data of {} on {} is that of {} members, and without {} no majority of them is left: nobody would ever lead; "
      "put these back into the inventory, or tell the data of its new members, on {}: echo {} >{}; then up starts it",
      component.component, fmt::join(holders, ", "), then,
      gone.empty() ? "the data of the others" : fmt::format("{}", fmt::join(gone, ", ")),
      holders.size() == 1 ? holders.front() : fmt::format("each of {}", fmt::join(holders, ", ")),
      shell_word(fmt::format("[{}]", fmt::join(entries, ", "))), recover);
}

}  // namespace cctl
