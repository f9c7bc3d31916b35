#include "model/action.hpp"

#include <iterator>

namespace cctl {
namespace {

enum : unsigned { gated = 1, anew = 2, makes = 4, interrupts = 8, takes_in = 16, way_back = 32, keeps = 64 };

constexpr ActionRow row(Action action, const char* word, const char* done, char sign, unsigned is = 0) {
  return {action,
          word,
          done,
          sign,
          (is & gated) > 0,
          (is & anew) > 0,
          (is & makes) > 0,
          (is & interrupts) > 0,
          (is & takes_in) > 0,
          (is & keeps) > 0,
          (is & way_back) > 0};
}

// In the order of the enum.
constexpr ActionRow kActions[] = {
    row(Action::none, "none", "", '=', keeps),
    row(Action::pull, "pull", "pulled", '>'),
    row(Action::create, "create", "created", '+', gated | anew | makes | takes_in | way_back),
    row(Action::recreate, "recreate", "recreated", '~', gated | anew | makes | interrupts | takes_in | way_back),
    row(Action::start, "start", "started", '+', gated | anew | way_back),
    row(Action::restart, "restart", "restarted", '~', gated | anew | interrupts | takes_in | way_back),
    row(Action::reload, "reload", "reloaded", '~', gated | takes_in | way_back),
    row(Action::write, "write", "written", '~'),
    row(Action::deploy, "deploy", "deployed", '~', gated | way_back),
    row(Action::remove, "remove", "removed", '-'),
    row(Action::release, "release", "old container removed", '-', gated | keeps | way_back),
    row(Action::prove, "prove", "proved", '~', gated | keeps | way_back),
    row(Action::prepare, "prepare", "prepared", '~'),
    row(Action::put_back, "put back", "put back", '-'),
};

constexpr bool actions_in_order() {
  for (std::size_t i = 0; i < std::size(kActions); ++i)
    if (kActions[i].action != static_cast<Action>(i)) return false;
  return std::size(kActions) == static_cast<std::size_t>(Action::put_back) + 1;
}
static_assert(actions_in_order());

}  // namespace

const ActionRow& about(Action action) {
  return kActions[static_cast<std::size_t>(action)];
}

}  // namespace cctl
