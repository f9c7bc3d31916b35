#include "model/action.hpp"

#include <iterator>

namespace cctl {
namespace {

// In the order of the enum.
constexpr ActionRow kRows[] = {
    {.action = Action::none, .word = "none", .done = "", .sign = '='},
    {.action = Action::pull, .word = "pull", .done = "pulled", .sign = '>'},
    {.action = Action::create,
     .word = "create",
     .done = "created",
     .sign = '+',
     .gated = true,
     .anew = true,
     .makes = true,
     .takes_in = true,
     .way_back = true},
    {.action = Action::recreate,
     .word = "recreate",
     .done = "recreated",
     .sign = '~',
     .gated = true,
     .anew = true,
     .makes = true,
     .interrupts = true,
     .takes_in = true,
     .way_back = true},
    {.action = Action::start,
     .word = "start",
     .done = "started",
     .sign = '+',
     .gated = true,
     .anew = true,
     .way_back = true},
    {.action = Action::restart,
     .word = "restart",
     .done = "restarted",
     .sign = '~',
     .gated = true,
     .anew = true,
     .interrupts = true,
     .takes_in = true,
     .way_back = true},
    {.action = Action::reload,
     .word = "reload",
     .done = "reloaded",
     .sign = '~',
     .gated = true,
     .takes_in = true,
     .way_back = true},
    {.action = Action::write, .word = "write", .done = "written", .sign = '~'},
    {.action = Action::deploy, .word = "deploy", .done = "deployed", .sign = '~', .gated = true, .way_back = true},
    {.action = Action::remove, .word = "remove", .done = "removed", .sign = '-'},
    {.action = Action::release,
     .word = "release",
     .done = "old container removed",
     .sign = '-',
     .gated = true,
     .way_back = true},
    {.action = Action::prepare, .word = "prepare", .done = "prepared", .sign = '~', .of_host = true},
    {.action = Action::put_back, .word = "put back", .done = "put back", .sign = '-', .of_host = true},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].action != static_cast<Action>(i)) return false;
  return std::size(kRows) == static_cast<std::size_t>(Action::put_back) + 1;
}
static_assert(in_order());

}  // namespace

const ActionRow& about(Action action) {
  return kRows[static_cast<std::size_t>(action)];
}

}  // namespace cctl
