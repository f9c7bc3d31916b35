#include "model/playbook.hpp"
#include "model/report.hpp"
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

const char* to_text(Merge v) {
  switch (v) {
    case Merge::none:
      return "none";
    case Merge::json:
      return "json";
    case Merge::first_lines:
      return "first-lines";
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

const char* to_text(Outcome v) {
  switch (v) {
    case Outcome::done:
      return "done";
    case Outcome::failed:
      return "failed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::rolled_back:
      return "rolled back";
  }
  return "";
}

}  // namespace cctl
