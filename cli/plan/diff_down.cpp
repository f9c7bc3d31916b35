// Desired against nothing: every container with our labels, in reverse order, then what we wrote.
#include <algorithm>

#include "model/forgotten.hpp"
#include "model/limits.hpp"
#include "model/shell_words.hpp"
#include "plan/ahead.hpp"
#include "plan/diff.hpp"
#include "plan/guests.hpp"
#include "plan/other_clusters.hpp"
#include "plan/our_containers.hpp"
#include "plan/owned.hpp"
#include "plan/quorum.hpp"
#include "plan/select.hpp"

namespace cctl {
namespace {

// Whether data lies in the directory, so that it stays with the data.
bool holds_data(const Manifest& manifest, const std::string& dir) {
  for (const auto& [component, paths] : manifest.data_dirs)
    for (const auto& path : paths)
      if (path == dir || path.rfind(dir + "/", 0) == 0) return true;
  return false;
}

// Whether anything of ours is left on the host besides containers.
bool has_remains(const Desired& desired, const ObservedHost& host, bool purge) {
  const auto& m = host.manifest;
  if (!m.files.empty()) return true;
  for (const auto& dir : m.made_dirs)
    if (!holds_data(m, dir)) return true;
  if (!purge) return false;
  return !data_to_purge(desired, host).empty() || !ended_guests(desired, host).empty();
}

Wave containers_of(const Desired& desired, const Observed& observed, const DiffOptions& options,
                   const std::string& component) {
  Wave wave;
  wave.component = component;
  wave.title = component + "  stop and remove";
  for (const auto& host : desired.hosts) {
    const auto found = observed.hosts.find(host.name);
    if (!chosen(options.limit, host.name) || found == observed.hosts.end() || !found->second.reachable) continue;
    for (const auto& c : found->second.containers) {
      if (!is_ours(c, desired.cluster) || c.get(label::component) != component) continue;
      Step s;
      s.host = host.name;
      s.component = component;
      s.action = Action::remove;
      s.previous_id = c.id;
      s.previous_name = c.name;
      s.reason = "down";
      wave.steps.push_back(std::move(s));
    }
  }
  return wave;
}

int containers_there(const Observed& observed, const std::string& cluster, const std::string& component) {
  int out = 0;
  for (const auto& [name, host] : observed.hosts)
    for (const auto& c : host.containers) out += is_ours(c, cluster) && c.get(label::component) == component;
  return out;
}

// Apps of whom what launches them is there and says nothing: their tasks outlive it.
void warn_of_silence(const Desired& desired, const Observed& observed, const DiffOptions& options, Plan& plan) {
  for (const auto& i : desired.instances) {
    const auto* app = i.app();
    if (!app || !chosen(options.limit, i.host) || !chosen(options.components, i.component)) continue;
    const auto host = observed.hosts.find(i.host);
    if (host == observed.hosts.end() || !host->second.reachable || host->second.apps.count(app->id)) continue;
    if (containers_there(observed, desired.cluster, app->through) > 0)
      plan.warnings.push_back(app->through + " does not answer: the app " + app->id +
                              " is not removed, and its tasks are left");
  }
}

// How all of an ensemble goes down, instead of a part.
std::string whole_instead(const std::string& component, const Rest& rest) {
  const std::string whole = shell_line({"clusterctl", "down", "--component", component});
  if (rest.unseen.empty()) return "; " + whole + " takes all of it down";
  const auto listed = [](const std::vector<std::string>& hosts, const char* by) {
    std::string out;
    for (const auto& host : hosts) out += (out.empty() ? "" : by) + host;
    return out;
  };
  if (rest.may_go_seen)
    return "; " + whole + " -l " + shell_word(listed(rest.there, ",")) +
           " takes all of it down that is seen, or bring " + listed(rest.unseen, ", ") + " back";
  return "; bring " + listed(rest.unseen, ", ") +
         " back, or put other hosts in the place of those that are gone for good, in the inventory; then " + whole +
         " takes all of it down";
}

// What is left of ensembles that lose members: a part of one may go only while a majority of it stays.
void hold_majorities(const Desired& desired, const Observed& observed, Plan& plan) {
  std::map<std::string, std::vector<Step>> removed;
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps) removed[step.component].push_back(step);
  for (const auto& c : desired.components) {
    if (!c.rollout.quorum || !removed.count(c.component)) continue;
    const Rest rest = rest_of(leavers(desired, observed, c.component, removed[c.component]));
    if (!rest.note.empty()) plan.warnings.push_back(c.component + ": " + rest.note);
    if (!rest.refused.empty())
      plan.refusals.push_back({8, c.component + ": " + rest.refused + whole_instead(c.component, rest)});
  }
}

// What needs a component that goes, and stays.
void warn_of_rest(const Desired& desired, const Observed& observed, const DiffOptions& options, Plan& plan) {
  std::map<std::string, int> removed;
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps) ++removed[step.component];
  for (const auto& c : desired.components) {
    if (!removed.count(c.component)) continue;
    const int left = containers_there(observed, desired.cluster, c.component) - removed[c.component];
    for (const auto& other : desired.components) {
      const bool needs = std::count(other.needs.begin(), other.needs.end(), c.component) > 0;
      if (left == 0 && needs && !chosen(options.components, other.component) &&
          containers_there(observed, desired.cluster, other.component) > 0)
        plan.warnings.push_back(other.component + " needs " + c.component + " and stays");
    }
  }
}

// What a cluster of another name has there is not ours to take down.
void warn_of_others(const Desired& desired, const Observed& observed, const DiffOptions& options, Plan& plan) {
  for (const auto& [cluster, what] : other_clusters(desired, observed, options.limit))
    plan.warnings.push_back(runs_here(cluster, what) + ", which stays: if \"" + desired.cluster +
                            "\" was called that, its name has to be \"" + cluster + "\" again to take it down");
}

// Tasks are containers of their own: they outlive the agent that started them.
void warn_of_tasks(const Desired& desired, const Observed& observed, Plan& plan) {
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps) {
      const Instance* i = step.component.empty() ? nullptr : desired.find(step.host, step.component);
      const auto* container = i ? i->container() : nullptr;
      if (!container || container->guests.empty()) continue;
      const int count = running_guests(*i, observed.hosts.at(step.host));
      if (count > 0)
        plan.warnings.push_back(
            step.host + ": of " + std::to_string(count) + " tasks (docker ps, " + container->guests +
            "...) those that no app of the inventory started run on; clusterctl app remove ends them before");
    }
}

// Apps that we deployed, while there still is a Marathon to end them.
Wave apps_of(const Desired& desired, const Observed& observed, const DiffOptions& options) {
  Wave wave;
  wave.title = "apps  remove";
  for (const auto& i : desired.instances) {
    const auto* app = i.app();
    if (!app || !chosen(options.limit, i.host) || !chosen(options.components, i.component)) continue;
    const auto host = observed.hosts.find(i.host);
    if (host == observed.hosts.end()) continue;
    const auto seen = host->second.apps.find(app->id);
    if (seen == host->second.apps.end() || seen->second.digest.empty()) continue;
    Step s;
    s.host = i.host;
    s.component = i.component;
    s.action = Action::remove;
    s.reason = "down";
    wave.steps.push_back(std::move(s));
  }
  return wave;
}

// Those that the inventory no longer has go first: nothing of it depends on them any more.
std::vector<std::string> all_components(const Desired& desired, const Observed& observed, Plan& plan) {
  std::vector<std::string> order;
  for (const auto& [name, host] : observed.hosts) {
    std::set<std::string> gone;
    for (const auto& c : host.containers)
      if (const auto component = c.get(label::component); is_ours(c, desired.cluster) && !desired.component(component))
        gone.insert(component);
    std::size_t taken = 0;
    for (const auto& component : gone)
      if (++taken <= limits::strays && !std::count(order.begin(), order.end(), component)) order.push_back(component);
    if (gone.size() > limits::strays)
      plan.warnings.push_back(name + " has containers of " + std::to_string(gone.size()) +
                              " components that the inventory does not have: " +
                              std::to_string(gone.size() - limits::strays) + " of them are left, for another run");
  }
  for (auto c = desired.components.rbegin(); c != desired.components.rend(); ++c) order.push_back(c->component);
  return order;
}

}  // namespace

Plan diff_down(const Desired& desired, const Observed& observed, const DiffOptions& options, bool purge) {
  Plan plan;
  plan.cluster = desired.cluster;
  Leg& leg = plan.first();
  leg.desired = desired;
  leg.down = true;
  const std::vector<std::string> order = all_components(desired, observed, plan);
  auto add = [&](Wave wave) {
    if (wave.steps.empty()) return;
    wave.number = static_cast<int>(leg.waves.size());
    for (auto& s : wave.steps) s.wave = wave.number;
    plan.summary.remove += static_cast<int>(wave.steps.size());
    leg.waves.push_back(std::move(wave));
  };
  warn_of_silence(desired, observed, options, plan);
  add(apps_of(desired, observed, options));
  for (const auto& component : order)
    if (chosen(options.components, component)) add(containers_of(desired, observed, options, component));
  hold_majorities(desired, observed, plan);
  warn_of_rest(desired, observed, options, plan);
  warn_of_tasks(desired, observed, plan);
  warn_of_others(desired, observed, options, plan);

  const std::set<std::string> needed = needed_hosts(desired, options);
  Wave remains;
  remains.title = purge ? "files and data" : "files";
  for (const auto& host : desired.hosts) {
    if (!chosen(options.limit, host.name)) continue;
    if (needed.count(host.name)) ++plan.summary.hosts;
    const auto found = observed.hosts.find(host.name);
    if (found == observed.hosts.end() || !found->second.reachable) {
      if (!needed.count(host.name)) continue;
      const auto absence = found == observed.hosts.end() ? Absence::away : found->second.absence;
      plan.warnings.push_back(told_absent(absence, host.name, "what runs there is left"));
      continue;
    }
    for (const auto& text : forgotten_on(desired.cluster, found->second))
      plan.warnings.push_back(host.name + ": " + text);
    plan.warnings.insert(plan.warnings.end(), found->second.claims.begin(), found->second.claims.end());
    if (!options.components.empty() || !has_remains(desired, found->second, purge)) continue;
    Step s;
    s.host = host.name;
    s.action = Action::remove;
    const bool tasks = std::any_of(desired.instances.begin(), desired.instances.end(), [&](const Instance& i) {
      return i.host == host.name && i.container() && !i.container()->guests.empty();
    });
    s.reason = !purge  ? "what we wrote; data stays"
               : tasks ? "what we wrote, all data, and what ended tasks left"
                       : "what we wrote, and all data";
    Remains all{purge, {}};
    if (purge) all.purged = data_to_purge(desired, found->second);
    s.subject = std::move(all);
    remains.steps.push_back(std::move(s));
  }
  const int removed = plan.summary.remove;
  add(std::move(remains));
  plan.summary.remove = removed;
  plan.summary.instances = removed;
  return plan;
}

}  // namespace cctl
