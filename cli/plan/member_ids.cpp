#include "plan/member_ids.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/shell_words.hpp"
#include "plan/diff_instance.hpp"

namespace cctl {
namespace {

std::optional<int> number(const std::string& text) {
  int id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

// The id in a file's content, or 0 when there is none: blanks around a number, nothing else.
int id_of(const std::string& content) {
  const auto first = content.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return 0;
  return number(content.substr(first, content.find_last_not_of(" \t\r\n") + 1 - first)).value_or(0);
}

// "3@10.0.0.3 client:2181"
std::pair<std::string, std::string> id_and_address(const std::string& member) {
  const auto at = member.find('@');
  if (at == std::string::npos) return {member, ""};
  return {member.substr(0, at), member.substr(at + 1, member.find(' ') - at - 1)};
}

// Of a file that should hold a number: enough to know it by.
std::string beginning(const std::string& content) {
  constexpr std::size_t enough = 41;
  const std::string line = content.substr(0, content.find('\n'));
  return line.size() > enough ? line.substr(0, enough) + "..." : line;
}

bool same_machine(const IdHolder& a, const IdHolder& b) {
  return a.host == b.host || a.address == b.address;
}

bool is_holder(const GivenIds& given, int id, const IdHolder& host) {
  const auto found = given.find(id);
  return found != given.end() && std::any_of(found->second.begin(), found->second.end(),
                                             [&](const IdHolder& h) { return same_machine(h, host); });
}

}  // namespace

void note_ids(std::map<std::string, std::string>& given, const Members& members) {
  for (const auto& [host, member] : members) {
    const auto [id, address] = id_and_address(member);
    if (id != "0") given[id] = host + " " + address;
  }
}

GivenIds given_ids(const Observed& observed, const std::string& component) {
  GivenIds out;
  for (const auto& [name, host] : observed.hosts) {
    std::map<std::string, std::string> all;
    if (const auto now = host.manifest.members.find(component); now != host.manifest.members.end())
      note_ids(all, now->second);
    if (const auto ids = host.manifest.ids.find(component); ids != host.manifest.ids.end())
      all.insert(ids->second.begin(), ids->second.end());
    for (const auto& [id, holder] : all) {
      const auto space = holder.find(' ');
      if (const auto n = number(id); n && space != std::string::npos)
        out[*n].insert({holder.substr(0, space), holder.substr(space + 1)});
    }
  }
  return out;
}

std::map<std::string, GivenIds> given_ids(const Observed& observed) {
  std::set<std::string> components;
  for (const auto& [name, host] : observed.hosts) {
    for (const auto& [component, members] : host.manifest.members) components.insert(component);
    for (const auto& [component, ids] : host.manifest.ids) components.insert(component);
  }
  std::map<std::string, GivenIds> out;
  for (const auto& component : components)
    if (auto given = given_ids(observed, component); !given.empty()) out[component] = std::move(given);
  return out;
}

MemberIdResult assign_member_ids(const std::vector<IdHolder>& hosts, const std::map<std::string, std::string>& on_disk,
                                 const GivenIds& given, int min, int max) {
  MemberIdResult out;
  std::map<int, std::string> taken;
  for (const auto& [host, address] : hosts) {
    const auto found = on_disk.find(host);
    if (found == on_disk.end()) continue;
    const int id = id_of(found->second);
    if (id < min || id > max) {
      out.problems.push_back("the id on the disk of \"" + host + "\" is " + "\"" + beginning(found->second) + "\"" +
                             ", not a number from " + std::to_string(min) + " to " + std::to_string(max));
      continue;
    }
    const auto [other, fresh] = taken.emplace(id, host);
    if (!fresh)
      out.problems.push_back("id " + std::to_string(id) + " is on the disks of both \"" + other->second + "\" and \"" +
                             host + "\"");
    out.ids[host] = id;
  }
  // A host that lost its disk, or cannot be looked at, is who it was.
  for (const auto& host : hosts)
    for (const auto& [id, holders] : given)
      if (!out.ids.count(host.host) && !taken.count(id) && id >= min && id <= max && holders.count(host)) {
        taken.emplace(id, host.host);
        out.ids[host.host] = id;
      }
  int next = min;
  for (const auto& [host, address] : hosts) {
    if (out.ids.count(host)) continue;
    while (taken.count(next) || given.count(next)) ++next;
    if (next > max) {
      out.problems.push_back("no id is left for \"" + host + "\" (at most " + std::to_string(max) + ")");
      break;
    }
    taken.emplace(next, host);
    out.ids[host] = next;
  }
  return out;
}

std::string spent_id(const Desired& desired, const Observed& observed, const Instance& instance) {
  if (instance.member_id == 0) return "";
  const std::string id = std::to_string(instance.member_id);
  // One that is no member any more, and runs: its own manifest says as whom.
  for (const auto& [name, host] : observed.hosts) {
    const auto own = host.manifest.members.find(instance.component);
    if (name == instance.host || desired.find(name, instance.component) || own == host.manifest.members.end()) continue;
    const auto member = own->second.find(name);
    const auto* container = find_container(host, desired.cluster, instance.component, false);
    if (container && container->state == "running" && member != own->second.end() &&
        id_and_address(member->second).first == id)
      return "id " + id + " of " + instance.component + " on " + instance.host + " is that of " + name +
             ", which runs and is in the inventory no longer; clusterctl down --component " +
             shell_word(instance.component) + " -l " + shell_word(name) + " ends it";
  }
  const GivenIds given = given_ids(observed, instance.component);
  const auto holders = given.find(instance.member_id);
  if (holders == given.end() || is_holder(given, instance.member_id, {instance.host, instance.ip})) return "";
  const IdHolder& was = *holders->second.begin();
  return "id " + id + " of " + instance.component + " on " + instance.host + " was given to " + was.host + " (" +
         was.address + "), and when that comes back both would serve with it; move the file with the id on " +
         instance.host + " away, and it gets one of its own";
}

}  // namespace cctl
