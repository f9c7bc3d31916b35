#include "plan/quorum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace cctl {

int majority(int n) {
  return n <= 0 ? 0 : n / 2 + 1;
}

int tolerates(int n, int healthy) {
  return std::max(0, healthy - majority(n));
}

std::string left_in_words(int serve, int n) {
  return serve < majority(n) ? fmt::format("{} of {}, {} are needed", serve, n, majority(n))
                             : fmt::format("{} of {}, can lose {} more", serve, n, tolerates(n, serve));
}

namespace {

int others_serving(const std::vector<Member>& members, const std::string& but) {
  return static_cast<int>(
      std::count_if(members.begin(), members.end(), [&](const Member& m) { return m.serving && m.host != but; }));
}

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
  const int others = others_serving(members, next->host);
  if (others >= majority(total)) return {next->host, ""};
  const std::string left = std::to_string(others) + " of " + std::to_string(total) + " healthy, " +
                           std::to_string(majority(total)) +
                           " are needed (not healthy now: " + not_serving(members, next->host) + ")";
  return {"", next->empty ? next->host + " has no data and would start beside " + left
                          : "stopping " + next->host + " would leave " + left};
}

Turns all_turns(std::vector<Member> members, bool quorum) {
  Turns out;
  for (;;) {
    const Turn turn = next_turn(members, quorum, false);
    out.refused = turn.refused;
    if (turn.host.empty()) break;
    out.others_serve[turn.host] = others_serving(members, turn.host);
    for (Member& m : members) {
      if (m.host != turn.host) continue;
      m.serving = true;
      m.pending = m.empty = false;
    }
  }
  for (const Member& m : members)
    if (m.pending) out.others_serve[m.host] = others_serving(members, m.host);
  return out;
}

namespace {

std::vector<std::string> those(const std::vector<Leaver>& members, const std::function<bool(const Leaver&)>& are) {
  std::vector<std::string> out;
  for (const Leaver& m : members)
    if (are(m)) out.push_back(m.host);
  return out;
}

}  // namespace

Rest rest_of(const std::vector<Leaver>& members) {
  const auto going = those(members, [](const Leaver& m) { return m.goes; });
  const auto staying = those(members, [](const Leaver& m) { return !m.goes && (m.there || !m.seen); });
  if (going.empty() || staying.empty()) return {};
  const auto idle = those(members, [](const Leaver& m) { return !m.goes && m.seen && !m.runs; });
  const auto leaving = those(members, [](const Leaver& m) { return m.goes && m.runs; });
  const int total = static_cast<int>(members.size()), needed = majority(total);
  const int left = static_cast<int>(
      std::count_if(members.begin(), members.end(), [](const Leaver& m) { return !m.goes && m.runs; }));
  Rest out;
  out.unseen = those(members, [](const Leaver& m) { return !m.seen; });
  out.there = those(members, [](const Leaver& m) { return m.seen && m.there; });
  const int unseen = static_cast<int>(out.unseen.size());
  out.may_go_seen = unseen < needed;
  out.note = left < needed ? fmt::format("{} of {} left, {} are needed", left, total, needed)
                           : fmt::format("{} of {} left, can lose {}", left, total, tolerates(total, left));
  // Those that nobody can see may run: what counts is whether this could be what takes the majority.
  const int before = left + static_cast<int>(leaving.size());
  const int could_run = std::min(unseen, needed - 1 - left);
  if (left >= needed || leaving.empty() || before + could_run < needed) return out;
  if (out.may_go_seen && static_cast<int>(staying.size()) == unseen) {
    out.note += fmt::format(" (not seen, and left: {})", fmt::join(out.unseen, ", "));
    return out;
  }
  std::vector<std::string> why;
  if (!idle.empty()) why.push_back(fmt::format("not running: {}", fmt::join(idle, ", ")));
  if (unseen > 0) why.push_back(fmt::format("not seen: {}", fmt::join(out.unseen, ", ")));
  out.refused = fmt::format("without {} {} of {} would be left, {} are needed{}", fmt::join(leaving, ", "), left, total,
                            needed, why.empty() ? "" : fmt::format(" ({})", fmt::join(why, "; ")));
  return out;
}

}  // namespace cctl
