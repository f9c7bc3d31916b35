#include "plan/diff.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include "model/cut.hpp"
#include "model/forgotten.hpp"
#include "plan/diff_instance.hpp"
#include "plan/empty_members.hpp"
#include "plan/engine_words.hpp"
#include "plan/entries.hpp"
#include "plan/file_changes.hpp"
#include "plan/first_start.hpp"
#include "plan/held_names.hpp"
#include "plan/host_faults.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/left_files.hpp"
#include "plan/member_ids.hpp"
#include "plan/member_list.hpp"
#include "plan/members.hpp"
#include "plan/other_clusters.hpp"
#include "plan/our_containers.hpp"
#include "plan/select.hpp"
#include "plan/waves.hpp"

namespace cctl {
namespace {

class Differ {
 public:
  Differ(const Desired& desired, const Observed& observed, const DiffOptions& options)
      : observed_(observed), options_(options), needed_(needed_hosts(desired, options)) {
    plan_.cluster = desired.cluster;
    leg_.desired = desired;
    for (const auto& i : leg_.desired.instances) {
      wanted_.emplace(std::make_pair(i.host, i.component), &i);
      for (const auto& f : i.files) wanted_files_[i.host].insert(f.path);
    }
  }

  Plan run() {
    plan_.warnings = leg_.desired.warnings;
    tell_faults(plan_, options_);
    for (const auto& text : disbelieved_ids(observed_, leg_.desired)) {
      plan_.warnings.push_back(text);
      plan_.faults.push_back(text);
    }
    for (const auto& host : leg_.desired.hosts) look_at(host);
    std::vector<Step> steps;
    for (const auto& i : leg_.desired.instances) compare(i, steps);
    ensembles();
    names();
    for (const auto& c : leg_.desired.components) {
      empty_members(c, steps);
      first_start(c, steps);
    }
    refuse_others();
    Waves waves(plan_, observed_, options_, running_);
    emptied_ = waves.new_worlds(steps);
    std::vector<Step> all = steps;
    all.insert(all.end(), leg_.unchanged.begin(), leg_.unchanged.end());
    pulls(all);
    for (const auto& c : leg_.desired.components) waves.change(c, steps);
    for (auto& w : leg_.waves)
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
      plan_.warnings.push_back(found == observed_.hosts.end() ? told_absent(Absence::away, host.name, "")
                                                              : why_absent(found->second));
      return;
    }
    for (const auto& text : forgotten_on(plan_.cluster, *now)) plan_.warnings.push_back(host.name + ": " + text);
    plan_.warnings.insert(plan_.warnings.end(), now->claims.begin(), now->claims.end());
    const auto left = left_files(leg_.desired, *now);
    plan_.warnings.insert(plan_.warnings.end(), left.begin(), left.end());
    std::vector<std::string> bearers;
    std::size_t strays = 0;
    for (const auto& c : now->containers) {
      const auto component = c.get(label::component);
      const auto cluster = c.get(label::cluster);
      if (cluster != plan_.cluster) continue;
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
    if (!now) return;
    if (const auto* c = find_container(*now, plan_.cluster, instance.component, false))
      running_[instance.component] += c->state == "running";
    if (!chosen(options_.components, instance.component)) return;
    ++plan_.summary.instances;
    if (const auto paths = foreign_entries(leg_.desired, instance, *now); !paths.empty())
      plan_.foreign.push_back(told_foreign(instance, paths));
    auto compared = compare_with(instance, *now);
    if (!compared) return;
    Step step = std::move(*compared);
    const Compared both{plan_.cluster, instance, *now};
    std::visit([&](const auto& kind) { refine(both, kind, around_, step, plan_); }, instance.resource);
    in_the_way(step, *now);
    for (const auto& why : barred_ways(instance, *now)) {
      plan_.refusals.push_back({3, why});
      plan_.faults.push_back(why);
    }
    std::visit([&](const auto& kind) { weigh(both, kind, around_, step, plan_); }, instance.resource);
    const char sign = sign_of(step);
    PlanSummary& sum = plan_.summary;
    ++(sign == '=' ? sum.as_wanted : sign == '+' ? sum.create : sign == '?' ? sum.unknown : sum.change);
    (step.action == Action::none ? leg_.unchanged : steps).push_back(std::move(step));
  }

  void in_the_way(const Step& step, const ObservedHost& host) {
    for (const auto& f : step.files)
      if (const auto found = host.files.find(f.wanted.path); found != host.files.end() && found->second.is_directory)
        plan_.refusals.push_back({3, f.wanted.path + " of " + step.host +
                                         " is a directory with something in it, where " + step.component +
                                         " needs a file; move it away"});
  }

  // Two of one component on one host would share its data and its ports.
  void refuse_others() {
    if (options_.offline) return;
    for (const auto& [cluster, containers] : other_clusters(leg_.desired, observed_, options_.limit))
      plan_.refusals.push_back({8, runs_here(cluster, containers) + ", where \"" + plan_.cluster +
                                       "\" would put its own, with the same data: if the cluster was renamed, "
                                       "name it \"" +
                                       cluster + "\" again, otherwise take that one down first"});
  }

  void ensembles() {
    for (const auto& c : leg_.desired.components) {
      if (!c.rollout.quorum || options_.offline || !chosen(options_.components, c.component)) continue;
      if (const auto why = ensemble_changed(leg_.desired, observed_, c.component); !why.empty())
        plan_.refusals.push_back({8, why});
      if (const auto why = stranded(leg_.desired, observed_, c); !why.empty()) plan_.refusals.push_back({8, why});
      for (const auto* i : leg_.desired.of(c.component)) {
        const auto why = spent_id(leg_.desired, observed_, *i);
        if (why.empty()) continue;
        plan_.refusals.push_back({8, why});
        plan_.faults.push_back(why);
      }
    }
  }

  void names() {
    for (const auto& c : leg_.desired.components)
      if (chosen(options_.components, c.component))
        if (const auto why = held_name(leg_.desired, observed_, c.component, options_.limit); !why.empty())
          plan_.refusals.push_back({8, why});
  }

  // Members that start without the data that others have wait for a majority of these.
  void empty_members(const ComponentPlan& c, std::vector<Step>& steps) {
    const EmptyStarts found = empty_starts(leg_.desired, observed_, c, steps);
    if (!found.refused.empty()) plan_.refusals.push_back({8, found.refused});
    for (auto& s : steps) {
      if (s.component != c.component || !found.after_others.count(s.host)) continue;
      s.starts_empty = true;
      s.reason += "; starts empty, beside those that have data";
    }
  }

  void first_start(const ComponentPlan& c, std::vector<Step>& steps) {
    if (options_.offline) return;
    if (auto why = begin_ensemble(leg_.desired, observed_, c, steps); !why.empty())
      plan_.refusals.push_back({8, std::move(why)});
  }

  void pulls(const std::vector<Step>& steps) {
    Wave wave;
    wave.title = "images";
    std::set<std::pair<std::string, std::string>> done;
    for (const auto& s : steps) {
      const auto* instance = wanted_.at({s.host, s.component});
      const auto* container = instance->container();
      if (!container || !(about(s.action).makes || options_.pull)) continue;
      const auto& image = container->spec.image;
      const bool there = seen(s.host)->images.count(image) > 0 && !emptied_.count(s.host);
      if ((there && !options_.pull) || !done.insert({s.host, image}).second) continue;
      Step pull;
      pull.host = s.host;
      pull.component = s.component;
      pull.action = Action::pull;
      pull.subject = Pull{image};
      pull.unknown = why_unasked(*seen(s.host));
      pull.reason = !pull.unknown.empty() ? "not known whether it is on the host: " + pull.unknown
                    : there               ? "asked for"
                                          : "not on the host";
      wave.steps.push_back(std::move(pull));
    }
    if (!wave.steps.empty()) leg_.waves.push_back(std::move(wave));
  }

  const Observed& observed_;
  const DiffOptions& options_;
  const std::set<std::string> needed_;  // hosts
  Plan plan_;
  Leg& leg_ = plan_.first();
  std::map<std::pair<std::string, std::string>, const Instance*> wanted_;  // by host and component
  std::map<std::string, std::set<std::string>> wanted_files_;              // by host
  std::map<std::string, int> running_;
  std::set<std::string> emptied_;  // hosts whose images will be gone
  const Around around_{leg_.desired, observed_, options_,
                       [this](const Instance& i, const ObservedHost& now) { return is_as_wanted(i, now); }};
};

}  // namespace

Plan diff(const Desired& desired, const Observed& observed, const DiffOptions& options) {
  return Differ(desired, observed, options).run();
}

}  // namespace cctl
