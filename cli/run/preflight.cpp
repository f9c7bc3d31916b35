#include "run/preflight.hpp"

#include <fmt/format.h>

#include "apply/ask_checks.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"
#include "prepare/preparation.hpp"

namespace cctl {
namespace {

// What is taken down needs nothing of its host.
std::set<std::string> changed_hosts(const Plan& plan) {
  std::set<std::string> out;
  for (const Leg& leg : plan.legs)
    for (const Wave& wave : leg.waves)
      for (const Step& step : wave.steps)
        if (!leg.down && !step.preparation()) out.insert(step.host);
  return out;
}

}  // namespace

void need_engines(const Plan& plan, const Observed& observed) {
  std::string text;
  for (const std::string& name : changed_hosts(plan)) {
    const auto at = observed.hosts.find(name);
    if (at == observed.hosts.end() || !at->second.reachable || at->second.engine_error.empty()) continue;
    if (!brings_engine(plan.first(), name)) text += no_engine(at->second) + "\n";
  }
  if (!text.empty()) throw Error(text + "nothing was changed", 3);
}

std::string no_engine(const ObservedHost& host) {
  if (host.docker_installed && !host.engine_off)
    return fmt::format("the Docker engine of {} could not be asked ({}); {} on the host says more", host.name,
                       host.engine_error, docker_line(host.docker_host, {"info"}));
  const std::string way = standing_in_words(host.engine_way);
  if (!way.empty())
    return fmt::format(
        "{} has no Docker engine that answers ({}); {}; clusterctl check --fix removes what is safe to "
        "remove and starts it",
        host.name, host.engine_error, way);
  return fmt::format("{} has no Docker engine that answers ({}{}); {}prepare: {{docker: apply}} in the inventory {}",
                     host.name, host.engine_error,
                     host.engine_log.empty() ? "" : "; its last words: " + host.engine_log,
                     host.docker_installed ? "start it, or " : "install one, or let ",
                     host.docker_installed ? "does" : "install the distribution's");
}

Task<void> preflight(Live& live, Clock& clock, const Plan& plan, const std::set<std::string>& chosen) {
  need_engines(plan, live.observed);
  std::set<std::string> hosts = changed_hosts(plan);
  std::erase_if(hosts, [&](const std::string& host) { return brings_engine(plan.first(), host); });
  const std::set<std::string> checks = checks_before(plan, chosen);
  if (checks.empty() || hosts.empty()) co_return;
  const Looks looks{live.observed, {}};  // what was told before somebody was asked is no longer sure
  const CheckInput input = co_await gather(live.hosts, clock, live.desired, looks, checks);
  const std::string text = stopping(make_checks(input, checks), hosts);
  if (text.empty()) co_return;
  throw Error(text + "nothing was changed; clusterctl check shows every check, --skip-check NAME leaves one out", 3);
}

}  // namespace cctl
