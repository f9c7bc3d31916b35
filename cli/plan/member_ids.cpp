#include "plan/member_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/shell_words.hpp"
#include "plan/our_containers.hpp"

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
  return shortened(line, enough);
}

std::string moved_away(const std::string& path) {
  return fmt::format("mv {} {}, then clusterctl up gives it one", shell_word(path), shell_word(path + ".old"));
}

// Why an id file cannot be used; nothing: it can.
std::optional<HostFault> unusable(const std::string& host, const IdFile& at, const IdRule& rule) {
  const ObservedFile& file = at.file;
  const int id = id_of(file.content);
  if (!file.unread && !file.is_directory && id >= rule.min && id <= rule.max) return std::nullopt;
  const std::string numbers = fmt::format("a number from {} to {}", rule.min, rule.max);
  HostFault out{host, rule.component, "", fmt::format("on {}: {}", host, moved_away(at.path)), true};
  if (file.is_directory) {
    out.what = fmt::format("{} is a directory, where a file with {} is wanted", at.path, numbers);
  } else if (file.unread) {
    out.known = false;
    out.what = fmt::format("{} could not be read, so that its id is not known", at.path);
    out.next = fmt::format("on {}: ls -l {} tells why; it is to hold {}", host, shell_word(at.path), numbers);
  } else if (file.content.empty()) {
    out.what = fmt::format("{} is empty, where {} is wanted", at.path, numbers);
  } else {
    out.what = fmt::format("{} holds \"{}\", not {}", at.path, beginning(file.content), numbers);
  }
  return out;
}

HostFault same_id(const std::string& host, const std::string& path, const std::string& other, int id,
                  const IdRule& rule) {
  return {host, rule.component, fmt::format("{} holds {}, and so does that of {}", path, id, other),
          fmt::format("on the one of both that is not member {}: {}", id, moved_away(path)), true};
}

bool same_machine(const IdHolder& a, const IdHolder& b) {
  return a.host == b.host || a.address == b.address;
}

bool is_holder(const GivenIds& given, int id, const IdHolder& host) {
  const auto found = given.find(id);
  return found != given.end() && std::any_of(found->second.begin(), found->second.end(),
                                             [&](const IdHolder& h) { return same_machine(h, host); });
}

// id -> whom it was given to -> the hosts whose manifests say so
using Claims = std::map<int, std::map<IdHolder, std::set<std::string>>>;

Claims claims_of(const Observed& observed, const std::string& component) {
  Claims out;
  for (const auto& [name, host] : observed.hosts) {
    std::map<std::string, std::string> all;
    if (const auto now = host.manifest.members.find(component); now != host.manifest.members.end())
      note_ids(all, now->second);
    if (const auto ids = host.manifest.ids.find(component); ids != host.manifest.ids.end())
      all.insert(ids->second.begin(), ids->second.end());
    for (const auto& [id, holder] : all) {
      const auto space = holder.find(' ');
      if (const auto n = number(id); n && space != std::string::npos)
        out[*n][{holder.substr(0, space), holder.substr(space + 1)}].insert(name);
    }
  }
  return out;
}

// The only host that says that an id was given; empty: others say so, too.
std::string sole_witness(const std::map<IdHolder, std::set<std::string>>& holders) {
  std::set<std::string> all;
  for (const auto& [holder, witnesses] : holders) all.insert(witnesses.begin(), witnesses.end());
  return all.size() == 1 ? *all.begin() : "";
}

// Hosts that say alone of more ids than can be, and of how many. The only host there is harms nobody but itself.
std::map<std::string, std::size_t> liars_of(const Claims& claims, const Observed& observed) {
  std::map<std::string, std::size_t> out;
  const auto seen = std::count_if(observed.hosts.begin(), observed.hosts.end(),
                                  [](const auto& host) { return host.second.reachable; });
  if (seen < 2) return out;
  for (const auto& [id, holders] : claims)
    if (const auto witness = sole_witness(holders); !witness.empty()) ++out[witness];
  std::erase_if(out, [](const auto& one) { return one.second <= kMostAlone; });
  return out;
}

}  // namespace

void note_ids(std::map<std::string, std::string>& given, const Members& members) {
  for (const auto& [host, member] : members) {
    const auto [id, address] = id_and_address(member);
    if (id != "0") given[id] = host + " " + address;
  }
}

GivenIds given_ids(const Observed& observed, const std::string& component) {
  const Claims claims = claims_of(observed, component);
  const auto liars = liars_of(claims, observed);
  GivenIds out;
  for (const auto& [id, holders] : claims) {
    if (const auto witness = sole_witness(holders); liars.count(witness)) continue;
    const bool agreed = std::any_of(holders.begin(), holders.end(), [](const auto& h) { return h.second.size() > 1; });
    for (const auto& [holder, witnesses] : holders)
      if (!agreed || witnesses.size() > 1) out[id].insert(holder);
  }
  return out;
}

std::vector<std::string> disbelieved_ids(const Observed& observed, const Desired& desired) {
  std::vector<std::string> out;
  for (const auto& component : desired.components)
    for (const auto& [host, count] : liars_of(claims_of(observed, component.component), observed))
      out.push_back(
          fmt::format("{} on {}: {} says of {} ids that others were given them, and no other host knows of "
                      "that: it is not believed; look who wrote it",
                      component.component, host, manifest_path(desired.cluster), count));
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

MemberIdResult assign_member_ids(const std::vector<IdHolder>& hosts, const std::map<std::string, IdFile>& on_disk,
                                 const GivenIds& given, const IdRule& rule) {
  MemberIdResult out;
  std::map<int, std::string> taken;
  for (const auto& [host, address] : hosts) {
    const auto found = on_disk.find(host);
    if (found == on_disk.end()) continue;
    if (auto fault = unusable(host, found->second, rule)) {
      out.faults.push_back(std::move(*fault));
      continue;
    }
    const int id = id_of(found->second.file.content);
    const auto [other, fresh] = taken.emplace(id, host);
    if (!fresh) {
      out.faults.push_back(same_id(other->second, on_disk.at(other->second).path, host, id, rule));
      out.faults.push_back(same_id(host, found->second.path, other->second, id, rule));
    }
    out.ids[host] = id;
  }
  // A host that lost its disk, or cannot be looked at, is who it was.
  for (const auto& host : hosts)
    for (const auto& [id, holders] : given)
      if (!out.ids.count(host.host) && !taken.count(id) && id >= rule.min && id <= rule.max && holders.count(host)) {
        taken.emplace(id, host.host);
        out.ids[host.host] = id;
      }
  int next = rule.min;
  for (const auto& [host, address] : hosts) {
    if (out.ids.count(host)) continue;
    while (taken.count(next) || given.count(next)) ++next;
    if (next > rule.max) {
      const bool too_many = static_cast<int>(hosts.size()) > rule.max - rule.min + 1;
      const std::string what = fmt::format("no id is left for \"{}\" (at most {})", host, rule.max);
      if (too_many)
        out.problems.push_back(what);
      else
        out.faults.push_back({host, rule.component, what + ", for others were given them before",
                              "clusterctl down --purge-data forgets who had which", true});
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
