#include "plan/empty_members.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "plan/entries.hpp"
#include "plan/quorum.hpp"

namespace cctl {
namespace {

std::vector<std::string> those(const std::vector<MemberHolding>& members,
                               const std::function<bool(const MemberHolding&)>& is) {
  std::vector<std::string> out;
  for (const auto& m : members)
    if (is(m)) out.push_back(m.host);
  return out;
}

bool lists_data(const MemberData& data, const ObservedHost& host) {
  const auto listed = host.entries.find(data.directory);
  const auto directory = host.files.find(data.directory);
  if (directory != host.files.end() && directory->second.unread) return true;
  if (listed == host.entries.end()) return false;
  return std::any_of(listed->second.begin(), listed->second.end(), [&](const ObservedEntry& e) {
    return e.kind == 'f' && !e.empty && std::any_of(data.holds.begin(), data.holds.end(), [&](const std::string& name) {
             return fnmatch(name.c_str(), e.name.c_str(), 0) == 0;
           });
  });
}

// What cannot be read may hold anything: its member counts as one with data.
bool holds_data(const MemberData& data, const ObservedHost& host) {
  if (!data.directory.empty()) return lists_data(data, host);
  const auto file = host.files.find(data.file);
  if (file == host.files.end() || !file->second.exists) {
    const auto directory = host.files.find(directory_of(data));
    return directory != host.files.end() && directory->second.exists;
  }
  std::string content;
  std::istringstream(file->second.content) >> content;
  return file->second.unread || content != data.nothing;
}

}  // namespace

std::string directory_of(const MemberData& data) {
  return data.directory.empty() ? data.file.substr(0, data.file.rfind('/')) : data.directory;
}

EmptyStarts empty_starts(const std::string& component, const std::string& directory,
                         const std::vector<MemberHolding>& members, bool waits) {
  const int total = static_cast<int>(members.size());
  const auto holders = those(members, [](const MemberHolding& m) { return m.holds; });
  const auto empty = those(members, [](const MemberHolding& m) { return m.seen && !m.holds; });
  const auto starting = those(members, [](const MemberHolding& m) { return m.seen && !m.holds && m.starts; });
  const auto unseen = those(members, [](const MemberHolding& m) { return !m.seen; });
  if (holders.empty() || starting.empty()) return {};
  const bool majority_knows = static_cast<int>(holders.size() + unseen.size()) >= majority(total);
  if (waits ? !majority_knows : static_cast<int>(empty.size()) >= majority(total)) {
    const std::string who = fmt::format("{}", fmt::join(holders, ", "));
    const std::string then = waits ? fmt::format("and wait with {} for a majority that has data, for ever", who)
                                   : fmt::format("elect one of themselves, and what {} holds would be forgotten", who);
    return {{},
            fmt::format("of the {} members of {} only {} {} data: {} would start empty{} {}; copy {} from {} to {} "
                        "first, with its owner, while neither runs, or, if nothing of it is wanted, move it away on {}",
                        total, component, who, holders.size() == 1 ? "has" : "have", fmt::join(starting, ", "),
                        waits ? "" : ",", then, directory, holders.front(), starting.front(), who)};
  }
  // Half of an even number: nobody leads without one that has data, nor without the empty ones.
  if (!majority_knows) return {};
  return {{starting.begin(), starting.end()}, ""};
}

std::vector<MemberHolding> holdings(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                                    const std::vector<Step>& steps) {
  std::vector<MemberHolding> members;
  bool begun = false;
  for (const auto* i : desired.of(component.component)) {
    if (!i->member_data.used()) return {};
    MemberHolding m;
    m.host = i->host;
    const auto host = observed.hosts.find(i->host);
    m.seen = host != observed.hosts.end() && host->second.reachable;
    m.holds = m.seen && holds_data(i->member_data, host->second);
    begun = begun || (m.holds && !host->second.manifest.beginning.count(i->component));
    m.starts = std::any_of(steps.begin(), steps.end(), [&](const Step& s) {
      return s.host == i->host && s.component == i->component && (s.action == Action::create || !s.down.empty());
    });
    members.push_back(std::move(m));
  }
  // What a first start that never passed its gate has left behind is no data of an ensemble.
  if (!begun)
    for (auto& m : members) m.holds = false;
  return members;
}

EmptyStarts empty_starts(const Desired& desired, const Observed& observed, const ComponentPlan& component,
                         const std::vector<Step>& steps) {
  const auto instances = desired.of(component.component);
  if (!component.rollout.quorum || instances.empty()) return {};
  const MemberData& data = instances.back()->member_data;
  return empty_starts(component.component, directory_of(data), holdings(desired, observed, component, steps),
                      data.waits);
}

void hold_data(const Instance& instance, ObservedHost& host) {
  const auto add_entry = [&](const std::string& directory, const std::string& name) {
    auto& listed = host.entries[directory];
    const bool there =
        std::any_of(listed.begin(), listed.end(), [&](const ObservedEntry& e) { return e.name == name && !e.empty; });
    if (!there) listed.push_back({name});
  };
  const MemberList& list = instance.member_list;
  if (list.used()) add_entry(parent_of(list.file), list.file.substr(list.file.rfind('/') + 1));
  const MemberData& data = instance.member_data;
  if (!data.used() || holds_data(data, host)) return;
  if (data.directory.empty()) {
    ObservedFile& file = host.files[data.file];
    file.exists = true;
    file.content = "(data)";
  }
  // A name that the pattern is for, such as the pattern itself.
  for (const auto& pattern : data.holds) add_entry(data.directory, pattern);
}

}  // namespace cctl
