// An app that Marathon keeps running.
#include <algorithm>

#include "model/joined.hpp"
#include "plan/app_changes.hpp"
#include "plan/engine_words.hpp"
#include "plan/file_words.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/spec_changes.hpp"

namespace cctl {
namespace {

// Nobody answered for it although what keeps it running is as wanted: it may be there all the same.
bool is_silent(const AppSpec& app, const Around& around) {
  const auto runners = around.desired.of(app.through);
  return std::any_of(runners.begin(), runners.end(), [&](const Instance* runner) {
    const auto host = around.observed.hosts.find(runner->host);
    return host != around.observed.hosts.end() && host->second.reachable && around.is_as_wanted(*runner, host->second);
  });
}

// Nobody answered for it, and whether what keeps it running is there is not known either.
std::string unasked_runner(const AppSpec& app, const Around& around) {
  if (around.options.offline) return "";
  std::string out;
  for (const auto* runner : around.desired.of(app.through)) {
    const auto host = around.observed.hosts.find(runner->host);
    const bool seen = host != around.observed.hosts.end() && host->second.reachable;
    if (!seen || !why_unasked(host->second).empty()) out += (out.empty() ? "" : ", ") + runner->host;
  }
  return out.empty() ? "" : app.through + " could not be asked on " + out;
}

void tell_changes(const ObservedApp& seen, const AppSpec& app, Step& step) {
  step.changes = app_changes(seen.definition, app.json);
  std::vector<std::string> parts;
  if (seen.digest.empty()) parts.emplace_back("was deployed by somebody else");
  for (const SpecChange& change : step.changes) parts.push_back(in_words(change));
  step.reason = parts.empty() ? "definition changed" : joined(parts, "; ");
}

}  // namespace

bool has_reader_of(const Compared& both, const AppSpec& app) {
  const auto seen = both.host.apps.find(app.id);
  return seen == both.host.apps.end() || seen->second.exists;
}

Step decide(const Compared& both, const AppSpec& app, Step step) {
  const auto& [cluster, instance, host] = both;
  const auto seen = host.apps.find(app.id);
  step.action = Action::deploy;
  if (seen != host.apps.end() && seen->second.exists) step.previous_name = app.id;
  if (step.previous_name.empty())
    step.reason = "not there";
  else if (!seen->second.version.empty() && seen->second.version != instance.version)
    step.reason = "version " + seen->second.version + " -> " + instance.version;
  else if (seen->second.digest != instance.spec_digest)
    tell_changes(seen->second, app, step);
  else if (seen->second.instances != app.instances)
    step.reason = "instances " + std::to_string(seen->second.instances) + " -> " + std::to_string(app.instances);
  else if (!step.files.empty())
    step.reason = file_reason(step.files);
  else
    step.action = Action::none, step.reason = "as wanted";
  return step;
}

void refine(const Compared& both, const AppSpec& app, const Around& around, Step& step, Plan&) {
  if (both.host.apps.count(app.id)) return;
  if (is_silent(app, around)) {
    step.previous_name = app.id;
    step.reason = "no answer from " + app.through + ", which runs: told again";
  } else if (const auto why = unasked_runner(app, around); !why.empty()) {
    step.unknown = why;
    step.reason = "not known whether it is there: " + why;
  }
}

void leave(const Step& step, const Instance& instance, const AppSpec& app, ObservedHost& host) {
  ObservedApp& seen = host.apps[app.id];
  seen = {};
  if (step.action == Action::remove) return;
  seen.exists = true;
  seen.digest = instance.spec_digest;
  seen.version = instance.version;
  seen.instances = app.instances;
  seen.definition = app.json;
}

}  // namespace cctl
