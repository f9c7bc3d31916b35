#include "plan/shown.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace cctl {
namespace {

bool replaces(const Step& step) {
  return about(step.action).makes || step.action == Action::remove;
}

bool same_files(const Step& a, const Step& b) {
  return std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(),
                    [](const FileChange& x, const FileChange& y) {
                      return x.wanted.path == y.wanted.path && x.wanted.content == y.wanted.content;
                    });
}

// Leaves the container that is there as it is, and writes nothing.
bool only_keeps(const Step& step) {
  return step.files.empty() && (about(step.action).keeps || !step.down.empty()) && !replaces(step);
}

bool announces(const Step& shown, const Step& now) {
  if (shown.image() != now.image() || !same_files(shown, now)) return false;
  // What was not known is known now, and it is not there.
  if (!shown.unknown.empty() && shown.action == now.action) return true;
  if (shown.action == now.action && shown.reason == now.reason) return true;
  if (replaces(shown) || replaces(now) || (shown.down.empty() && now.down.empty())) return false;
  return !now.interrupts || shown.interrupts || shown.down == "restarting";
}

}  // namespace

std::optional<std::string> not_shown(const Leg& now, const Leg& shown) {
  std::map<std::pair<std::string, std::string>, std::vector<const Step*>> known;
  for (const Wave& wave : shown.waves)
    for (const Step& step : wave.steps) known[{step.host, step.component}].push_back(&step);
  for (const Wave& wave : now.waves) {
    for (const Step& step : wave.steps) {
      if (only_keeps(step)) continue;
      const auto& of_it = known[{step.host, step.component}];
      if (std::none_of(of_it.begin(), of_it.end(), [&](const Step* s) { return announces(*s, step); }))
        return step.host + " " + step.component + ": " + to_text(step.action) + ", " + step.reason;
    }
  }
  return std::nullopt;
}

std::optional<std::string> not_shown(const Plan& now, const Plan& shown) {
  for (std::size_t i = 0; i < now.legs.size(); ++i)
    if (auto other = not_shown(now.legs[i], i < shown.legs.size() ? shown.legs[i] : Leg{})) return other;
  return std::nullopt;
}

}  // namespace cctl
