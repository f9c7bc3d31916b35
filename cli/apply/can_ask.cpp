// Whether what a run is about to change can be asked how it is: a gate that nobody answers proves nothing.
#include "apply/observe.hpp"
#include "apply/run.hpp"

namespace cctl {

// Before the first change. What does not run yet says no, which is an answer.
Task<bool> Run::can_ask() {
  std::vector<const Instance*> changed;
  for (const auto& wave : leg_.waves)
    for (const auto& step : wave.steps)
      if (const auto* instance = leg_.desired.find(step.host, step.component);
          instance && about(step.action).gated && !instance->probes.empty())
        changed.push_back(instance);
  if (changed.empty()) co_return true;
  const auto health = co_await probe_some(hosts_, leg_.desired, std::move(changed));
  std::set<std::string> told;
  for (const auto& h : health) {
    if (h.known || !told.insert(h.host).second) continue;
    report_.failures.push_back(
        {h.host,
         h.component,
         "cannot be asked how it is",
         "",
         h.seen,
         {},
         "nothing was changed",
         "make its probes possible, or leave the host out with --limit; then clusterctl up again"});
    why_skipped_ = "not begun: " + h.component + " on " + h.host + " cannot be asked how it is";
    end_with(Exit::preflight);
  }
  co_return told.empty();
}

}  // namespace cctl
