// A step that has passed its gate.
#include <variant>

#include "apply/run.hpp"

namespace cctl {
std::string seconds(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 500) / 1000) + "s";
}

// The step has passed: what was kept for the way back goes.
Task<bool> Run::settle(Begun& begun) {
  std::string error;
  try {
    if (begun.instance)
      co_await std::visit([&](const auto& kind) { return let_go(*begun.step, kind); }, begun.instance->resource);
    if (begun.undo) co_await ledger(begun.step->host).passed(*begun.instance);
  } catch (const Error& e) {
    error = e.what();
  }
  if (error.empty()) {
    std::string text = about(begun.step->action).done;
    if (!begun.seen.empty()) text += ", " + begun.seen;
    if (!begun.note.empty()) text += "; " + begun.note;
    report(*begun.step, Outcome::done, text, begun.since);
    co_return true;
  }
  report(*begun.step, Outcome::failed, error, begun.since);
  Failure failure;
  failure.host = begun.step->host;
  failure.component = begun.step->component;
  failure.what = lease_lost()
                     ? "ran as wanted, and the lease was lost before what was kept for the way back was removed"
                     : "runs as wanted, but what was kept for the way back could not be removed";
  failure.saw = error;
  failure.state = lease_lost() ? "how it runs now is not known" : "it is in nobody's way";
  failure.next = "clusterctl up again";
  report_.failures.push_back(std::move(failure));
  why_skipped_ = "not begun: " + begun.step->component + " on " + begun.step->host + " failed";
  end_with(Exit::partial);
  co_return false;
}

}  // namespace cctl
