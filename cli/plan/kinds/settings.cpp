// Files of a host: nothing runs, so nothing can be missing but they.
#include <algorithm>

#include "plan/file_changes.hpp"
#include "plan/file_words.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/merge.hpp"

namespace cctl {
namespace {

// A merged file whose changed keys a service takes in while it runs asks for no more than that.
void spare_restart(FileChange& change) {
  const auto& keys = change.wanted.reload_keys;
  if (change.wanted.merge != Merge::json || change.wanted.on_change != OnChange::restart || !change.write) return;
  const auto changed = changed_keys(change.before, change.wanted.content);
  if (std::all_of(changed.begin(), changed.end(),
                  [&](const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }))
    change.wanted.on_change = OnChange::reload;
}

}  // namespace

Step decide_files(Step step) {
  for (auto& change : step.files) {
    if (change.wanted.merge == Merge::json && change.write)
      step.empties = changed_of(change.wanted.empties_keys, change.before, change.wanted.content);
    spare_restart(change);
  }
  step.action = file_action(step.files);
  if (step.reason.empty()) step.reason = step.files.empty() ? "as wanted" : file_reason(step.files);
  if (step.files.size() == 1 && step.files[0].wanted.merge == Merge::json && step.files[0].write)
    step.reason = keys_reason(step.files[0]);
  return step;
}

Step decide(const Compared&, const Settings&, Step step) {
  step = decide_files(std::move(step));
  if (step.action != Action::none) step.action = Action::write;
  return step;
}

}  // namespace cctl
