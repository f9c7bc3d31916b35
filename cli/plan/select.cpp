#include "plan/select.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <functional>

#include "model/mistake.hpp"

namespace cctl {
namespace {

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;
}

bool matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::set<std::string> hosts_with(const std::vector<Host>& hosts, const std::function<bool(const Host&)>& is) {
  std::set<std::string> out;
  for (const Host& host : hosts)
    if (is(host)) out.insert(host.name);
  return out;
}

// What one word names; nothing: it is not a word for hosts.
std::set<std::string> hosts_of(const std::string& word, const std::vector<Host>& hosts) {
  const std::string group = word.starts_with('@') ? word.substr(1) : word;
  const std::function<bool(const Host&)> readings[] = {
      [&](const Host& h) { return h.name == word; },
      [&](const Host& h) { return !word.empty() && (h.address == word || h.ip == word); },
      [&](const Host& h) { return h.group == group; },
      [&](const Host& h) {
        return is_pattern(word) && (matches(word, h.name) || matches(word, h.address) || matches(word, h.ip));
      },
  };
  for (const auto& reading : readings)
    if (auto found = hosts_with(hosts, reading); !found.empty()) return found;
  return {};
}

// Why a word names nothing.
std::string fault_of(const char* kind, const std::string& word, const std::vector<std::string>& known,
                     const std::vector<std::string>& listed) {
  if (word.empty()) return fmt::format("an empty word where a {} is wanted; known: {}", kind, fmt::join(listed, ", "));
  const char* what = is_pattern(word) ? "no {} matches \"{}\"{}; known: {}" : "unknown {} \"{}\"{}; known: {}";
  return fmt::format(fmt::runtime(what), kind, word, is_pattern(word) ? "" : did_you_mean(word, known),
                     fmt::join(listed, ", "));
}

// Why a group that an inventory may have names no host of this one; "" where the word is none.
std::string empty_group(const std::string& word, const std::vector<Host>& hosts) {
  const std::string group = word.starts_with('@') ? word.substr(1) : word;
  const auto is = [&](const char* known) { return group == known; };
  constexpr const char* groups[] = {"masters", "slaves", "lbs", "hosts"};
  if (std::none_of(std::begin(groups), std::end(groups), is)) return "";
  std::vector<std::string> with_hosts;
  for (const char* known : groups)
    if (const auto in = hosts_with(hosts, [&](const Host& h) { return h.group == known; }); !in.empty())
      with_hosts.push_back(fmt::format("@{} ({})", known, in.size()));
  return fmt::format("group \"{}\" has no host; groups with hosts: {}", group, fmt::join(with_hosts, ", "));
}

}  // namespace

Selection select_hosts(const std::vector<std::string>& words, const std::vector<Host>& hosts) {
  Selection out;
  for (const std::string& word : words) {
    const auto found = hosts_of(word, hosts);
    out.names.insert(found.begin(), found.end());
    if (!found.empty()) continue;
    if (out.fault = empty_group(word, hosts); !out.fault.empty()) return out;
    std::vector<std::string> names, known;
    for (const Host& host : hosts) names.push_back(host.name);
    known = names;
    for (const Host& host : hosts)
      for (const std::string& group : {host.group, "@" + host.group})
        if (std::find(known.begin(), known.end(), group) == known.end()) known.push_back(group);
    out.fault = fault_of("host", word, known, names);
    return out;
  }
  return out;
}

Selection select_components(const std::vector<std::string>& words, const std::vector<std::string>& known) {
  Selection out;
  for (const std::string& word : words) {
    bool found = false;
    for (const std::string& name : known) {
      if (name != word && !(is_pattern(word) && matches(word, name))) continue;
      out.names.insert(name);
      found = true;
    }
    if (found) continue;
    out.fault = fault_of("component", word, known, known);
    return out;
  }
  return out;
}

std::set<std::string> needed_hosts(const Desired& desired, const DiffOptions& chosen) {
  const bool all_known = std::all_of(chosen.components.begin(), chosen.components.end(),
                                     [&](const std::string& name) { return desired.component(name) != nullptr; });
  std::set<std::string> out;
  for (const Host& host : desired.hosts) {
    if (!chosen.limit.empty() && !chosen.limit.count(host.name)) continue;
    const bool any = std::any_of(desired.instances.begin(), desired.instances.end(), [&](const Instance& i) {
      return i.host == host.name && chosen.components.count(i.component) > 0;
    });
    if (chosen.components.empty() || !all_known || any) out.insert(host.name);
  }
  return out;
}

bool chosen(const std::set<std::string>& only, const std::string& name) {
  return only.empty() || only.count(name) > 0;
}

bool is_chosen(const DiffOptions& options, const std::string& host, const std::string& component) {
  return chosen(options.limit, host) && chosen(options.components, component);
}

}  // namespace cctl
