#include "report/kinds.hpp"

#include <algorithm>

#include "report/words.hpp"

namespace cctl {
namespace {

// Settings that were made once and differ now are drift; those that were never made are missing.
bool was_set(const Step& step, const ObservedHost& host) {
  return std::all_of(step.files.begin(), step.files.end(), [&](const FileChange& change) {
    return change.exists && host.manifest.files.count(change.wanted.path) > 0;
  });
}

// They are there when no step would change them.
void tell_files(const Situation& now, StatusInstance& out) {
  out.state = !now.step || was_set(*now.step, now.host) ? "set" : "missing";
  // Nobody could tell whether a step would change them.
  if (!now.step && !out.fault.empty()) out.state = out.health = "unknown";
}

}  // namespace

void tell_state(const Situation& now, const Settings&, StatusInstance& out) {
  tell_files(now, out);
}

bool is_hidden(const Situation& now, const Container&, StatusInstance& out) {
  if (now.host.engine_error.empty()) return false;
  out.state = out.health = "unknown";
  out.seen = now.host.engine_error;
  return true;
}

void tell_state(const Situation& now, const Container& wanted, StatusInstance& out) {
  const auto& all = now.host.containers;
  const auto own = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == wanted.spec.name; });
  if (own == all.end()) return;
  out.version = own->get(label::version);
  out.image = own->image;
  out.state = own->state;
  out.since = age(own->since);
  out.standin = !own->get(label::stand_in).empty();
}

// Settings of an engine that does not answer are nobody's.
bool is_hidden(const Situation& now, const ServiceSpec& service, StatusInstance& out) {
  const auto& [instance, host, step] = now;
  if (!service.is_engine() || host.engine_error.empty()) return false;
  if (step) out.drift = step->reason;
  if (!host.engine_off) {
    out.state = out.health = "unknown";
    out.seen = host.engine_error;
    return true;
  }
  out.state = "stopped";
  out.health = "unhealthy";
  const std::string way = standing_in_words(host.engine_way);
  out.seen = (host.engine_log.empty() ? host.engine_error : host.engine_log) + (way.empty() ? "" : "; " + way) +
             (step && step->engine ? "; clusterctl up writes its settings anew and starts it"
              : way.empty()        ? "; start it on the host, or prepare: {docker: apply} and clusterctl up"
                                   : "; clusterctl check --fix removes what is safe to remove and starts it");
  return true;
}

void tell_state(const Situation& now, const ServiceSpec&, StatusInstance& out) {
  tell_files(now, out);
}

// Marathon knows whether it is there.
void tell_state(const Situation& now, const AppSpec& wanted, StatusInstance& out) {
  const Step* step = now.step;
  const auto seen = now.host.apps.find(wanted.id);
  const bool there = seen != now.host.apps.end() && seen->second.exists;
  if (there) {
    out.state = seen->second.pulse.kind == AppPulse::Kind::restarting ? "restarting" : "running";
    out.seen = seen->second.pulse.reason;
    out.image = seen->second.image;
    out.version = seen->second.version;
  }
  // It may run, but nobody answers for it.
  const bool is_new = step && step->previous_name.empty() && step->unknown.empty();
  if (!there && step && step->action == Action::deploy && !is_new) out.state = out.health = "unknown";
  if (step && !step->unknown.empty()) out.seen = step->unknown;
  // Nobody could tell whether a step would change it.
  if (!step && !out.fault.empty()) out.state = out.health = "unknown";
}

}  // namespace cctl
