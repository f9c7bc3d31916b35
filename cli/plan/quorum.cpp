#include "plan/quorum.hpp"

#include <algorithm>

namespace cctl {

int majority(int n) {
  return n <= 0 ? 0 : n / 2 + 1;
}

int tolerates(int n, int healthy) {
  return std::max(0, healthy - majority(n));
}

namespace {

// The hosts that keep a majority from standing, for the refusal's text.
std::string not_serving(const std::vector<Member>& members, const std::string& but) {
  std::string text;
  for (const auto& m : members)
    if (!m.serving && m.host != but)
      text += (text.empty() ? "" : ", ") + m.host + (m.known ? "" : ", which could not be asked");
  return text;
}

}  // namespace

Turn next_turn(const std::vector<Member>& members, bool quorum, bool leader_last) {
  const int total = static_cast<int>(members.size());
  const Member* next = nullptr;
  for (const auto& m : members) {
    if (!m.pending) continue;
    // Not serving goes first: repairing it can only help. Then those that start empty, followers, and the leader.
    const auto broken = [](const Member& x) { return !x.serving && x.known; };
    auto rank = [&](const Member& x) { return x.empty ? 1 : broken(x) ? 0 : (leader_last && x.leader ? 3 : 2); };
    if (!next || rank(m) < rank(*next)) next = &m;
  }
  if (!next) return {};
  if (!quorum || (!next->serving && next->known && !next->empty) || total <= 2) return {next->host, ""};
  const int others = static_cast<int>(std::count_if(
      members.begin(), members.end(), [&](const Member& m) { return m.serving && m.host != next->host; }));
  if (others >= majority(total)) return {next->host, ""};
  const std::string left = std::to_string(others) + " of " + std::to_string(total) + " healthy, " +
                           std::to_string(majority(total)) +
                           " are needed (not healthy now: " + not_serving(members, next->host) + ")";
  return {"", next->empty ? next->host + " has no data and would start beside " + left
                          : "stopping " + next->host + " would leave " + left};
}

}  // namespace cctl
