// A service of the host: its files, and whether it has taken them in.
#include <algorithm>

#include "model/joined.hpp"
#include "plan/engine_words.hpp"
#include "plan/file_words.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/other_world.hpp"

namespace cctl {
namespace {

// What stands in the file and is not what the engine says that it has: it refused it, or was never told.
std::vector<std::string> untaken(const ServiceSpec& service, const ObservedHost& host, const FileSpec& file) {
  const auto seen = host.files.find(file.path);
  if (file.merge != Merge::json || seen == host.files.end() || !seen->second.exists) return {};
  return not_taken_in(seen->second.content, host.engine_info, service.shown);
}

void tell_again(const Compared& both, const ServiceSpec& service, Step& step) {
  if (!step.files.empty()) return;
  for (const auto& file : both.instance.files) {
    const auto keys = untaken(service, both.host, file);
    if (keys.empty()) continue;
    FileChange change;
    change.wanted = file;
    change.wanted.content = change.before = both.host.files.at(file.path).content;
    change.wanted.on_change = OnChange::reload;
    change.exists = true;
    change.write = false;
    change.part = file.content;
    step.files.push_back(std::move(change));
    step.reason = file.path.substr(file.path.rfind('/') + 1) + ": its engine has another " + joined(keys, "; ");
  }
}

bool is_ours(const FileChange& change, const ObservedHost& host) {
  return change.write && host.manifest.files.count(change.wanted.path) > 0;
}

// An engine that does not run is started with a file of ours that is to be another: that may be what keeps it down.
bool starts_engine(const ServiceSpec& service, const ObservedHost& host, const Step& step) {
  return service.is_engine() && host.engine_off && host.docker_installed &&
         std::any_of(step.files.begin(), step.files.end(), [&](const auto& change) { return is_ours(change, host); });
}

}  // namespace

bool has_reader_of(const Compared&, const ServiceSpec&) {
  return true;
}

Step decide(const Compared& both, const ServiceSpec& service, Step step) {
  tell_again(both, service, step);
  step = decide_files(std::move(step));
  step.engine = starts_engine(service, both.host, step);
  if (step.engine) {
    step.action = Action::restart;
    step.reason = "its engine does not run; " + step.reason;
    return step;
  }
  if (step.action == Action::restart)
    for (const auto& change : step.files) step.reason += restart_notes(change);
  step.interrupts = about(step.action).interrupts;
  return step;
}

void weigh(const Compared& both, const ServiceSpec&, const Around&, Step& step, Plan& plan) {
  if (auto why = other_world(both.cluster, step, both.host); !why.empty()) plan.refusals.push_back({8, std::move(why)});
}

// What an engine says of its settings afterwards is known only once it is asked.
void leave(const Step& step, const Instance&, const ServiceSpec& service, ObservedHost& host) {
  if (!service.is_engine()) return;
  host.engine_info.clear();
  if (step.empties.empty()) return;
  host.containers.clear();
  host.images.clear();
  host.image_ids.clear();
}

}  // namespace cctl
