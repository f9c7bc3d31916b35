#include "model/plan.hpp"
#include "model/playbook.hpp"
#include "model/spec.hpp"

namespace cctl {

const char* to_text(OnChange v) {
  switch (v) {
    case OnChange::recreate:
      return "recreate";
    case OnChange::restart:
      return "restart";
    case OnChange::reload:
      return "reload";
    case OnChange::none:
      return "none";
  }
  return "";
}

const char* to_text(RollOrder v) {
  switch (v) {
    case RollOrder::parallel:
      return "all at once";
    case RollOrder::one_at_a_time:
      return "1 at a time";
    case RollOrder::leader_last:
      return "1 at a time, leader last";
  }
  return "";
}

const char* to_text(Action v) {
  switch (v) {
    case Action::none:
      return "none";
    case Action::pull:
      return "pull";
    case Action::create:
      return "create";
    case Action::recreate:
      return "recreate";
    case Action::start:
      return "start";
    case Action::restart:
      return "restart";
    case Action::reload:
      return "reload";
    case Action::write:
      return "write";
    case Action::remove:
      return "remove";
    case Action::release:
      return "release";
  }
  return "";
}

}  // namespace cctl
