#include "plan/absent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/shell_words.hpp"
#include "plan/quorum.hpp"
#include "plan/select.hpp"

namespace cctl {
namespace {

// Groups of which every host is meant are told as such: a list of a hundred slaves is no command to type.
std::vector<std::string> limit_words(const std::vector<Host>& hosts, const std::set<std::string>& meant) {
  std::vector<std::string> out;
  for (const Host& host : hosts) {
    if (!meant.count(host.name)) continue;
    const auto of_group = [&](const Host& h) { return h.group == host.group; };
    const bool whole =
        std::count_if(hosts.begin(), hosts.end(), of_group) > 1 &&
        std::all_of(hosts.begin(), hosts.end(), [&](const Host& h) { return !of_group(h) || meant.count(h.name) > 0; });
    const std::string word = whole && !host.group.empty() ? "@" + host.group : host.name;
    if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
  }
  return out;
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Absent lacking(const Desired& desired, const DiffOptions& chosen,
               const std::function<std::string(const std::string&)>& why) {
  Absent out;
  std::set<std::string> others;
  for (const std::string& host : needed_hosts(desired, chosen)) {
    const std::string text = why(host);
    if (text.empty())
      others.insert(host);
    else
      out.text += text + "\n";
  }
  if (out.text.empty()) return out;
  out.others = limit_words(desired.hosts, others);
  out.kinds = {Absence::unusable};
  return out;
}

Absent absent(const Desired& desired, const Observed& observed, const DiffOptions& chosen) {
  int code = 0;
  std::set<Absence> kinds;
  Absent out = lacking(desired, chosen, [&](const std::string& name) {
    const auto host = observed.hosts.find(name);
    if (host == observed.hosts.end() || host->second.reachable) return std::string();
    if (code != 4) code = host->second.exit_code;
    kinds.insert(host->second.absence);
    return why_absent(host->second);
  });
  out.exit_code = code;
  out.kinds = std::move(kinds);
  return out;
}

std::string way_on(const Absent& away, const Again& again) {
  const bool one = std::count(away.text.begin(), away.text.end(), '\n') == 1;
  const std::string it = one ? "it" : "them";
  const bool alike = away.kinds.size() == 1;
  std::string out = "next: " + (alike ? fmt::format(fmt::runtime(about(*away.kinds.begin()).mend), it) : "mend that");
  if (again && !away.others.empty()) return out + fmt::format(", or go on without {}: {}", it, again(away.others));
  const bool gone = away.kinds.count(Absence::away) > 0;
  return out + (gone ? "; what is gone for good is taken out of the inventory, or replaced in it" : "");
}

std::string way_out(const std::string& component, const std::vector<std::string>& unseen,
                    const std::vector<std::string>& idle, const std::vector<std::string>& running) {
  if (unseen.empty())
    return idle.empty() ? ""
                        : fmt::format("; clusterctl up -l {} starts it first",
                                      shell_word(fmt::format("{}", fmt::join(idle, ","))));
  std::string out = "; bring " + listed(unseen) + " back";
  const std::size_t all = unseen.size() + idle.size() + running.size();
  if (static_cast<int>(unseen.size()) >= majority(static_cast<int>(all)))
    return out + ", or put another host in the place of what is gone for good, in the inventory";
  std::vector<std::string> there = running;
  there.insert(there.end(), idle.begin(), idle.end());
  return out + fmt::format(
                   ", or, if that is gone for good, take the others down (clusterctl down --component {} -l {} "
                   "keeps their data) and put another host in its place",
                   shell_word(component), shell_word(fmt::format("{}", fmt::join(there, ","))));
}

}  // namespace cctl
