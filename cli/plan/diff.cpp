#include "plan/diff.hpp"

#include <algorithm>
#include <optional>

#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/shell_words.hpp"
#include "plan/ahead.hpp"
#include "plan/diff_instance.hpp"
#include "plan/empty_members.hpp"
#include "plan/engine_words.hpp"
#include "plan/entries.hpp"
#include "plan/first_start.hpp"
#include "plan/guests.hpp"
#include "plan/host_faults.hpp"
#include "plan/kept_flags.hpp"
#include "plan/left_files.hpp"
#include "plan/member_ids.hpp"
#include "plan/member_list.hpp"
#include "plan/members.hpp"
#include "plan/other_world.hpp"
#include "plan/select.hpp"

namespace cctl {
namespace {

bool chosen(const std::set<std::string>& only, const std::string& name) {
  return only.empty() || only.count(name) > 0;
}

// Every component that needs `name`, directly or through others.
std::set<std::string> dependents(const Desired& desired, const std::string& name) {
  std::set<std::string> out;
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& c : desired.components)
      for (const auto& need : c.needs)
        if ((need == name || out.count(need)) && out.insert(c.component).second) grown = true;
  }
  // Everything that runs on a host stands on its services.
  if (const auto* own = desired.component(name); own && own->service)
    for (const auto& c : desired.components)
      if (!c.service) out.insert(c.component);
  return out;
}

class Differ {
 public:
  Differ(const Desired& desired, const Observed& observed, const DiffOptions& options)
      : observed_(observed), options_(options), needed_(needed_hosts(desired, options)) {
    plan_.cluster = desired.cluster;
    plan_.desired = desired;
    for (const auto& i : plan_.desired.instances) {
      wanted_.emplace(std::make_pair(i.host, i.component), &i);
      for (const auto& f : i.files) wanted_files_[i.host].insert(f.path);
    }
  }

  Plan run() {
    plan_.warnings = plan_.desired.warnings;
    tell_faults(plan_, options_);
    for (const auto& text : disbelieved_ids(observed_, plan_.desired)) {
      plan_.warnings.push_back(text);
      plan_.faults.push_back(text);
    }
    for (const auto& host : plan_.desired.hosts) look_at(host);
    std::vector<Step> steps;
    for (const auto& i : plan_.desired.instances) compare(i, steps);
    ensembles();
    for (const auto& c : plan_.desired.components) {
      empty_members(c, steps);
      first_start(c, steps);
    }
    other_clusters();
    new_worlds(steps);
    std::vector<Step> all = steps;
    all.insert(all.end(), plan_.unchanged.begin(), plan_.unchanged.end());
    pulls(all);
    for (const auto& c : plan_.desired.components) waves(c, steps);
    for (auto& w : plan_.waves)
      for (auto& s : w.steps) s.wave = w.number;
    return std::move(plan_);
  }

 private:
  // The host as observed; an empty one offline; null when it is left out or could not be reached.
  const ObservedHost* seen(const std::string& host) {
    static const ObservedHost nothing{};
    if (!chosen(options_.limit, host)) return nullptr;
    if (options_.offline) return &nothing;
    const auto found = observed_.hosts.find(host);
    return found == observed_.hosts.end() || !found->second.reachable ? nullptr : &found->second;
  }

  void look_at(const Host& host) {
    if (!chosen(options_.limit, host.name)) return;
    if (needed_.count(host.name)) ++plan_.summary.hosts;
    const ObservedHost* now = seen(host.name);
    if (!now && !needed_.count(host.name)) return;  // nothing that was chosen runs there
    if (!now) {
      const auto found = observed_.hosts.find(host.name);
      ++plan_.summary.unseen;
      plan_.warnings.push_back(found == observed_.hosts.end() ? host.name + " is unreachable"
                                                              : why_absent(found->second));
      return;
    }
    if (const auto why = why_forgotten(plan_.cluster, *now); !why.empty()) plan_.warnings.push_back(why);
    plan_.warnings.insert(plan_.warnings.end(), now->claims.begin(), now->claims.end());
    const auto left = left_files(plan_.desired, *now);
    plan_.warnings.insert(plan_.warnings.end(), left.begin(), left.end());
    std::vector<std::string> bearers;
    std::size_t strays = 0;
    for (const auto& c : now->containers) {
      const auto component = c.get(label::component);
      const auto cluster = c.get(label::cluster);
      if (cluster != plan_.cluster) {
        const bool told = others_.size() < limits::listed || others_.count(cluster);
        if (told && !cluster.empty() && wanted_.count({host.name, component}))
          others_[cluster].push_back(component + " on " + host.name);
        continue;
      }
      if (!is_ours(c, cluster))
        bearers.push_back(c.name);
      else if (!wanted_.count({host.name, component}) && ++strays <= limits::listed)
        plan_.strays.push_back({host.name, c.name, component});
    }
    if (!bearers.empty()) {
      const bool one = bearers.size() == 1;
      plan_.foreign.push_back((one ? "the container " : "the containers ") + first_few(bearers) + " of " + host.name +
                              (one ? " has" : " have") + " the labels of " + plan_.cluster + " and not the name of " +
                              (one ? "one" : "any") + " of its containers; left alone, and never taken for " +
                              (one ? "one" : "some"));
    }
    if (strays > limits::listed)
      plan_.foreign.push_back(std::to_string(strays - limits::listed) + " more containers of " + host.name +
                              " have the labels of " + plan_.cluster + " and are not in the inventory; left alone");
  }

  // Nothing: what the host shows cannot be compared, which is told, and costs its own row alone.
  std::optional<Step> compare_with(const Instance& instance, const ObservedHost& now) {
    HostFault fault{instance.host, instance.component, "", "clusterctl check -l " + instance.host, false};
    try {
      return diff_instance(plan_.cluster, instance, now, wanted_files_[instance.host]);
    } catch (const Incomparable& e) {
      fault = e.fault;
    } catch (const std::exception& e) {
      fault.what = std::string("what it shows cannot be compared with what is wanted: ") + e.what();
    }
    tell_fault(plan_, fault);
    return std::nullopt;
  }

  // Whether a look at the host proves that nothing is to be done there.
  bool is_as_wanted(const Instance& instance, const ObservedHost& now) const {
    try {
      return diff_instance(plan_.cluster, instance, now, wanted_files_.at(instance.host)).action == Action::none;
    } catch (const std::exception&) {
      return false;
    }
  }

  void compare(const Instance& instance, std::vector<Step>& steps) {
    const ObservedHost* now = seen(instance.host);
    if (!now || !chosen(options_.components, instance.component)) return;
    ++plan_.summary.instances;
    if (const auto paths = foreign_entries(plan_.desired, instance, *now); !paths.empty())
      plan_.foreign.push_back(told_foreign(instance, paths));
    auto compared = compare_with(instance, *now);
    if (!compared) return;
    Step step = std::move(*compared);
    if (is_silent_about(instance, *now)) {
      step.previous_name = instance.app.id;
      step.reason = "no answer from " + instance.app.through + ", which runs: told again";
    } else if (const auto why = unasked_runner(instance, *now); !why.empty()) {
      step.unknown = why;
      step.reason = "not known whether it is there: " + why;
    }
    if (const auto* c = find_renamed(*now, plan_.cluster, instance.component))
      plan_.refusals.push_back({3, "the container " + c->name + " of " + instance.host + " is that of " +
                                       instance.component + " by its labels, but not by its name; " +
                                       shell_line({"docker", "rename", c->name, instance.container.name})});
    if (const auto* c = find_container(*now, plan_.cluster, instance.component, false)) {
      running_[instance.component] += c->state == "running";
      downgrade(instance, *c);
    }
    if (options_.pull) take_new_image(plan_.cluster, instance, *now, step);
    in_the_way(step, *now);
    for (const auto& why : barred_ways(instance, *now)) {
      plan_.refusals.push_back({3, why});
      plan_.faults.push_back(why);
    }
    if (const auto why = kept_flags_changed(instance, *now, step); !why.empty()) plan_.warnings.push_back(why);
    if (auto why = other_world(plan_.cluster, step, *now); !why.empty()) plan_.refusals.push_back({8, std::move(why)});
    if (step.interrupts && instance.guests_lost) guests(instance, *now, step);
    switch (step.action) {
      case Action::none:
        ++plan_.summary.as_wanted;
        plan_.unchanged.push_back(std::move(step));
        return;
      case Action::create:
      case Action::start:
        ++(step.unknown.empty() ? plan_.summary.create : plan_.summary.unknown);
        break;
      case Action::deploy:
        ++(!step.unknown.empty()        ? plan_.summary.unknown
           : step.previous_name.empty() ? plan_.summary.create
                                        : plan_.summary.change);
        break;
      default:
        ++plan_.summary.change;
    }
    steps.push_back(std::move(step));
  }

  void in_the_way(const Step& step, const ObservedHost& host) {
    for (const auto& f : step.files)
      if (const auto found = host.files.find(f.wanted.path); found != host.files.end() && found->second.is_directory)
        plan_.refusals.push_back({3, f.wanted.path + " of " + step.host +
                                         " is a directory with something in it, where " + step.component +
                                         " needs a file; move it away"});
  }

  // Before the images: those that are there now are not in the new world.
  void new_worlds(std::vector<Step>& steps) {
    for (const auto& c : plan_.desired.components) {
      Wave wave;
      for (auto& s : steps)
        if (s.component == c.component && !s.empties.empty()) wave.steps.push_back(s);
      if (wave.steps.empty()) continue;
      for (const auto& s : wave.steps) emptied_.insert(s.host);
      std::erase_if(steps, [&](const Step& s) { return s.component == c.component && !s.empties.empty(); });
      wave.order = c.rollout.order;
      wave.title = c.component + "  " + to_text(c.rollout.order);
      add(c, std::move(wave));
      // Those that run nothing yet wait for this one, and have gates of their own.
      plan_.waves.back().gate = {c.component};
    }
  }

  // Two of one component on one host would share its data and its ports.
  void other_clusters() {
    for (const auto& [cluster, containers] : others_)
      plan_.refusals.push_back(
          {8, "cluster \"" + cluster + "\" runs " + containers.front() +
                  (containers.size() > 1 ? " and " + std::to_string(containers.size() - 1) + " more" : "") +
                  ", where \"" + plan_.cluster +
                  "\" would put its own, with the same data: if the cluster was renamed, "
                  "name it \"" +
                  cluster + "\" again, otherwise take that one down first"});
  }

  void ensembles() {
    for (const auto& c : plan_.desired.components) {
      if (!c.rollout.quorum || options_.offline || !chosen(options_.components, c.component)) continue;
      if (const auto why = ensemble_changed(plan_.desired, observed_, c.component); !why.empty())
        plan_.refusals.push_back({8, why});
      if (const auto why = stranded(plan_.desired, observed_, c); !why.empty()) plan_.refusals.push_back({8, why});
      for (const auto* i : plan_.desired.of(c.component)) {
        const auto why = spent_id(plan_.desired, observed_, *i);
        if (why.empty()) continue;
        plan_.refusals.push_back({8, why});
        plan_.faults.push_back(why);
      }
    }
  }

  // Members that start without the data that others have wait for a majority of these.
  void empty_members(const ComponentPlan& c, std::vector<Step>& steps) {
    const EmptyStarts found = empty_starts(plan_.desired, observed_, c, steps);
    if (!found.refused.empty()) plan_.refusals.push_back({8, found.refused});
    for (auto& s : steps) {
      if (s.component != c.component || !found.after_others.count(s.host)) continue;
      s.starts_empty = true;
      s.reason += "; starts empty, beside those that have data";
    }
  }

  void first_start(const ComponentPlan& c, std::vector<Step>& steps) {
    if (options_.offline) return;
    if (auto why = begin_ensemble(plan_.desired, observed_, c, steps); !why.empty())
      plan_.refusals.push_back({8, std::move(why)});
  }

  // Nobody answered for an app although what keeps it running is as wanted: it may be there all the same.
  bool is_silent_about(const Instance& instance, const ObservedHost& now) const {
    if (!instance.app.used() || now.apps.count(instance.app.id)) return false;
    const auto runners = plan_.desired.of(instance.app.through);
    return std::any_of(runners.begin(), runners.end(), [&](const Instance* runner) {
      const auto host = observed_.hosts.find(runner->host);
      return host != observed_.hosts.end() && host->second.reachable && is_as_wanted(*runner, host->second);
    });
  }

  // Nobody answered for an app, and whether what keeps it running is there is not known either.
  std::string unasked_runner(const Instance& instance, const ObservedHost& now) const {
    if (!instance.app.used() || options_.offline || now.apps.count(instance.app.id)) return "";
    std::string out;
    for (const auto* runner : plan_.desired.of(instance.app.through)) {
      const auto host = observed_.hosts.find(runner->host);
      const bool seen = host != observed_.hosts.end() && host->second.reachable;
      if (!seen || !why_unasked(host->second).empty()) out += (out.empty() ? "" : ", ") + runner->host;
    }
    return out.empty() ? "" : instance.app.through + " could not be asked on " + out;
  }

  // What runs for others in the container that is to stop.
  void guests(const Instance& instance, const ObservedHost& host, Step& step) {
    step.guests_lost = running_guests(instance, host);
    if (step.guests_lost == 0) return;
    const std::string text = std::to_string(step.guests_lost) + (step.guests_lost == 1 ? " task on " : " tasks on ") +
                             instance.host + " would be lost with " + instance.component + " " + instance.version;
    if (options_.allow_task_loss)
      plan_.warnings.push_back(text);
    else
      plan_.refusals.push_back({8, text + "; to accept that say --allow-task-loss"});
  }

  void downgrade(const Instance& instance, const ObservedContainer& container) {
    const auto now = Version::parse(container.get(label::version)), wanted = Version::parse(instance.version);
    if (options_.allow_downgrade || !now || !wanted || !(*wanted < *now)) return;
    plan_.refusals.push_back({8, instance.component + " on " + instance.host + " runs " + now->text +
                                     ", the inventory wants " + wanted->text + "; to go back say --allow-downgrade"});
  }

  void pulls(const std::vector<Step>& steps) {
    Wave wave;
    wave.title = "images";
    std::set<std::pair<std::string, std::string>> done;
    for (const auto& s : steps) {
      const auto* instance = wanted_.at({s.host, s.component});
      const bool made = s.action == Action::create || s.action == Action::recreate;
      if (!instance->has_container() || !(made || options_.pull)) continue;
      const auto& image = instance->container.image;
      const bool there = seen(s.host)->images.count(image) > 0 && !emptied_.count(s.host);
      if ((there && !options_.pull) || !done.insert({s.host, image}).second) continue;
      Step pull;
      pull.host = s.host;
      pull.component = s.component;
      pull.action = Action::pull;
      pull.image = image;
      pull.unknown = why_unasked(*seen(s.host));
      pull.reason = !pull.unknown.empty() ? "not known whether it is on the host: " + pull.unknown
                    : there               ? "asked for"
                                          : "not on the host";
      wave.steps.push_back(std::move(pull));
    }
    if (!wave.steps.empty()) plan_.waves.push_back(std::move(wave));
  }

  // What interrupts nobody goes first, all at once: a half-started ensemble is repaired before a member stops.
  void waves(const ComponentPlan& c, std::vector<Step>& steps) {
    Wave calm, rolling;
    for (auto& s : steps)
      if (s.component == c.component) (s.interrupts || s.starts_empty ? rolling : calm).steps.push_back(std::move(s));
    if (!rolling.steps.empty() && !options_.offline) foresee_turns(plan_, observed_, c, calm, rolling);
    if (!calm.steps.empty()) {
      calm.title = c.component;
      add(c, std::move(calm));
      // The whole is complete only with those that start empty after these.
      if (std::any_of(rolling.steps.begin(), rolling.steps.end(), [](const Step& s) { return s.starts_empty; }))
        plan_.waves.back().gate.clear();
    }
    if (rolling.steps.empty()) return;
    rolling.order = c.rollout.order;
    rolling.quorum = c.rollout.quorum;
    rolling.title = c.component + "  " + to_text(c.rollout.order);
    const auto members = plan_.desired.of(c.component).size();
    if (c.rollout.quorum && members <= 2)
      plan_.warnings.push_back(c.component + " has " + std::to_string(members) +
                               (members == 1 ? " member" : " members") + ": it is down while it restarts");
    add(c, std::move(rolling));
  }

  void add(const ComponentPlan& c, Wave wave) {
    wave.component = c.component;
    wave.number = static_cast<int>(plan_.waves.size());
    wave.timeout = c.gate_timeout;
    wave.gate.push_back(c.component);
    const bool interrupts =
        std::any_of(wave.steps.begin(), wave.steps.end(), [](const Step& s) { return s.interrupts; });
    if (interrupts) {
      // Dependents that run and that this plan leaves alone must stand it; the others have gates of their own.
      for (const auto& d : dependents(plan_.desired, c.component))
        if (running_[d] == static_cast<int>(plan_.desired.of(d).size()) && running_[d] > 0 && !touched(d))
          wave.gate.push_back(d);
    }
    plan_.waves.push_back(std::move(wave));
  }

  bool touched(const std::string& component) const {
    return std::none_of(plan_.unchanged.begin(), plan_.unchanged.end(),
                        [&](const Step& s) { return s.component == component; }) ||
           static_cast<std::size_t>(std::count_if(plan_.unchanged.begin(), plan_.unchanged.end(), [&](const Step& s) {
             return s.component == component;
           })) != plan_.desired.of(component).size();
  }

  std::map<std::string, std::vector<std::string>> others_;  // cluster -> what it runs in places of ours
  const Observed& observed_;
  const DiffOptions& options_;
  const std::set<std::string> needed_;  // hosts
  Plan plan_;
  std::map<std::pair<std::string, std::string>, const Instance*> wanted_;  // by host and component
  std::map<std::string, std::set<std::string>> wanted_files_;              // by host
  std::map<std::string, int> running_;
  std::set<std::string> emptied_;  // hosts whose images will be gone
};

}  // namespace

Plan diff(const Desired& desired, const Observed& observed, const DiffOptions& options) {
  return Differ(desired, observed, options).run();
}

}  // namespace cctl
