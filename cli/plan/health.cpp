#include "plan/health.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "model/among.hpp"
#include "model/joined.hpp"
#include "plan/other_clusters.hpp"
#include "plan/our_containers.hpp"
#include "plan/quorum.hpp"

namespace cctl {
namespace {

constexpr const char* kNobody = "nobody could be asked";

std::string value_of(const InstanceHealth& h, const std::string& name) {
  for (const auto& p : h.probes)
    if (auto found = p.values.find(name); found != p.values.end()) return found->second;
  return "";
}

// "*" stands for any text that is not empty.
bool matches(const std::vector<std::string>& list, const std::string& word) {
  return among(list, word) || (among(list, "*") && !word.empty());
}

std::set<std::string> split(const std::string& list) {
  std::set<std::string> out;
  for (std::size_t from = 0; from < list.size();) {
    const auto to = std::min(list.find(',', from), list.size());
    if (to > from) out.insert(list.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

bool asked(const InstanceHealth& h) {
  return !h.probes.empty() && h.known;
}

// Why nobody knows which containers a host has; empty: they are known, or what is known is that no engine runs.
std::string why_unseen(const ObservedHost& host) {
  if (!host.reachable) return host.error.empty() ? "the host could not be asked" : host.error;
  return host.engine_off ? "" : host.engine_error;
}

// One member's results with its instance, for the verdicts.
struct MemberView {
  const Instance* instance;
  const InstanceHealth* health;
};

class Judge {
 public:
  Judge(const std::vector<MemberView>& members, const std::vector<const Instance*>& instances, const Desired& desired,
        const std::vector<InstanceHealth>& all)
      : members_(members), instances_(instances), desired_(desired), all_(all) {}

  // What does not hold, or "".
  std::string verdict(const Verdict& v, const std::string& index) const {
    switch (v.kind) {
      case Verdict::Kind::exactly_one:
        return exactly_one(v, index);
      case Verdict::Kind::agree:
        return agree(v);
      case Verdict::Kind::count:
        return count(v, index);
      case Verdict::Kind::all_listed:
        return all_listed(v, index);
      case Verdict::Kind::none_else:
        return none_else(v, index);
      case Verdict::Kind::no_more:
        return no_more(v);
    }
    return "";
  }

 private:
  // What those may say who could not be asked: " (2 not asked)".
  static std::string unasked(std::size_t asked, std::size_t all) {
    return asked == all ? "" : " (" + std::to_string(all - asked) + " not asked)";
  }
  std::string unasked() const { return unasked(members_.size(), instances_.size()); }

  // What `equals` is of so many.
  static int counted(const Verdict& v, std::size_t of) {
    const int total = static_cast<int>(of);
    return v.equals == "all" ? total : v.equals == "others" ? std::max(0, total - 1) : std::stoi(v.equals);
  }

  int matching(const Verdict& v, const std::string& index) const {
    int n = 0;
    for (const auto& m : members_)
      if (auto is = m.instance->verdict_is.find(index); is != m.instance->verdict_is.end())
        n += matches(is->second, value_of(*m.health, v.value));
    return n;
  }

  // As the members have it rendered: mostly the same for all.
  std::string words(const Verdict& v, const std::string& index) const {
    std::vector<std::string> out;
    for (const auto& m : members_)
      if (auto is = m.instance->verdict_is.find(index); is != m.instance->verdict_is.end())
        for (const auto& word : is->second)
          if (!among(out, word)) out.push_back(word);
    return joined(out.empty() ? v.is : out, " or ");
  }

  std::string exactly_one(const Verdict& v, const std::string& index) const {
    const int n = matching(v, index);
    if (n == 1) return "";
    return "exactly one with " + v.value + " " + words(v, index) + ": saw " + std::to_string(n) + " of " +
           std::to_string(members_.size()) + unasked();
  }

  std::string agree(const Verdict& v) const {
    std::set<std::string> seen;
    for (const auto& m : members_) seen.insert(value_of(*m.health, v.value));
    if (seen.size() == 1 && !seen.begin()->empty()) return "";
    std::vector<std::string> words;
    for (const auto& s : seen) words.push_back(s.empty() ? "nothing" : s);
    return "all to agree on " + v.value + ": saw " + joined(words, ", ") + unasked();
  }

  std::string count(const Verdict& v, const std::string& index) const {
    const int n = matching(v, index);
    if (n == counted(v, members_.size())) return "";
    return std::to_string(counted(v, instances_.size())) + " with " + v.value + " " + words(v, index) + ": saw " +
           std::to_string(n) + unasked();
  }

  std::string all_listed(const Verdict& v, const std::string& index) const {
    std::set<std::string> listed;
    std::size_t lists = 0;
    for (const auto& h : all_) {
      if (h.component != v.in_component) continue;
      lists += asked(h) || h.ready;
      for (const auto& word : split(value_of(h, v.in_value))) listed.insert(word);
    }
    std::vector<std::string> missing;
    for (const auto& m : members_) {
      const auto as = m.instance->listed_as.find(index);
      if (as != m.instance->listed_as.end() && !listed.count(as->second)) missing.push_back(m.instance->host);
    }
    if (missing.empty()) return "";
    const std::string wanted = "every host in " + v.in_value + " of " + v.in_component + ": ";
    if (lists == 0) return wanted + kNobody;
    return wanted + joined(missing, ", ") + " missing" + unasked(lists, desired_.of(v.in_component).size());
  }

  // Those that could not be asked are ours as well.
  std::string none_else(const Verdict& v, const std::string& index) const {
    std::set<std::string> listed;
    for (const auto& m : members_)
      for (const auto& word : split(value_of(*m.health, v.value))) listed.insert(word);
    for (const auto* i : instances_)
      if (const auto as = i->listed_as.find(index); as != i->listed_as.end()) listed.erase(as->second);
    if (listed.empty()) return "";
    return "none in " + v.value + " but its own: saw " + joined({listed.begin(), listed.end()}, ", ");
  }

  std::string no_more(const Verdict& v) const {
    const int most = counted(v, instances_.size());
    const std::string wanted = "at most " + std::to_string(most) + " " + v.value + ": saw ";
    double seen = 0;
    for (const auto& m : members_) {
      const std::string text = value_of(*m.health, v.value);
      char* end = nullptr;
      const double said = std::strtod(text.c_str(), &end);
      if (*end != '\0' || !std::isfinite(said)) return wanted + "\"" + text + "\", which is no number";
      seen = std::max(seen, std::min(said, 1e15));  // whoever claims more is over as well
    }
    if (seen <= most) return "";
    return wanted + std::to_string(static_cast<long long>(seen)) + ", so that one serves that is none of its own";
  }

  const std::vector<MemberView>& members_;
  const std::vector<const Instance*>& instances_;
  const Desired& desired_;
  const std::vector<InstanceHealth>& all_;
};

}  // namespace

InstanceHealth judge_instance(const Instance& instance, const ComponentPlan& component,
                              std::vector<ProbeResult> probes) {
  InstanceHealth out;
  out.host = instance.host;
  out.component = instance.component;
  out.probes = std::move(probes);
  out.ready = std::all_of(out.probes.begin(), out.probes.end(), [](const ProbeResult& p) { return p.ok; });
  const bool no = std::any_of(out.probes.begin(), out.probes.end(), [](const auto& p) { return p.asked && !p.ok; });
  out.known = out.ready || no;
  // What said no is told before what could not be asked.
  for (const auto& p : out.probes)
    if (out.seen.empty() || (!p.ok && p.asked == no)) out.seen = p.name + ": " + p.seen;
  out.leader = !component.leader.value.empty() && among(instance.leader_is, value_of(out, component.leader.value));
  return out;
}

ComponentHealth judge_component(const Desired& desired, const ComponentPlan& component,
                                const std::vector<InstanceHealth>& all) {
  ComponentHealth out;
  out.component = component.component;
  std::vector<MemberView> members;
  bool silent = false;
  const std::vector<const Instance*> instances = desired.of(component.component);
  for (const Instance* i : instances) {
    ++out.members;
    const auto found = std::find_if(all.begin(), all.end(), [&](const InstanceHealth& h) {
      return h.host == i->host && h.component == i->component && (asked(h) || h.ready || !h.known);
    });
    if (found == all.end()) continue;
    if (!found->known) {
      out.wanting.push_back(i->host + " to be asked (" + found->seen + ")");
      silent = true;
      continue;
    }
    ++out.asked;
    members.push_back({i, &*found});
    out.ready += found->ready;
    if (found->leader && found->ready) out.leader_host = i->host;
    if (!found->ready) out.wanting.push_back(i->host + " to be ready (" + found->seen + ")");
  }
  const Judge judge(members, instances, desired, all);
  std::size_t strangers = 0;
  bool unjudged = false;
  for (std::size_t i = 0; i < component.health.size(); ++i) {
    const auto& verdict = component.health[i];
    const auto text = judge.verdict(verdict, std::to_string(i));
    if (text.empty()) continue;
    if (verdict.of_strangers()) {
      out.wanting.insert(out.wanting.begin(), text);
      ++strangers;
      continue;
    }
    if (verdict.kind == Verdict::Kind::exactly_one) out.led = false;
    if (members.empty())
      unjudged = true;
    else
      out.wanting.push_back(text);
  }
  if (unjudged && out.wanting.empty()) out.wanting.emplace_back(kNobody);
  out.holds = out.wanting.size() == strangers && (!component.rollout.quorum || out.ready >= majority(out.members));
  out.unsure = !out.holds && silent && out.ready == out.asked;
  out.healthy = out.holds && strangers == 0 && out.asked == out.members;
  out.tolerates = component.rollout.quorum ? tolerates(out.members, out.ready) : std::max(0, out.ready - 1);
  return out;
}

const char* to_text(Health v) {
  switch (v) {
    case Health::healthy:
      return "healthy";
    case Health::degraded:
      return "degraded";
    case Health::down:
      return "down";
    case Health::unknown:
      return "unknown";
  }
  return "";
}

Health judge_cluster(const Desired& desired, const std::vector<ComponentHealth>& components, const Observed& observed) {
  Health worst = Health::healthy;
  auto at_least = [&](Health h) { worst = std::max(worst, h); };
  bool unknown = false;
  for (const auto& c : components) {
    if (!c.members) continue;
    const ComponentPlan* plan = desired.component(c.component);
    const int needed = plan && plan->rollout.quorum ? majority(c.members) : 1;
    const int silent = c.members - c.asked;  // on hosts that could not be reached
    const auto instances = desired.of(c.component);
    const bool app = std::all_of(instances.begin(), instances.end(), [](const Instance* i) { return i->app(); });
    if (app) {
      if (!c.healthy) at_least(Health::degraded);  // what the cluster runs is not the cluster
    } else if (c.ready < needed) {
      if (c.ready + silent >= needed)
        unknown = true;
      else
        at_least(Health::down);
    } else if (!c.led && c.asked == c.members) {
      at_least(Health::down);  // a majority that has no leader, or two, serves nobody
    } else if (!c.healthy) {
      at_least(Health::degraded);
    }
  }
  for (const auto& host : desired.hosts) {
    const auto found = observed.hosts.find(host.name);
    if (found == observed.hosts.end() || !found->second.reachable || !found->second.engine_error.empty())
      at_least(Health::degraded);
  }
  if (worst == Health::down) return worst;
  return unknown ? Health::unknown : worst;
}

void hold_against_containers(std::vector<InstanceHealth>& instances, const Desired& desired, const Observed& observed) {
  std::map<std::pair<std::string, std::string>, const Container*> known;
  for (const auto& i : desired.instances)
    if (const auto* container = i.container()) known[{i.host, i.component}] = container;
  for (auto& health : instances) {
    const auto instance = known.find({health.host, health.component});
    const auto host = observed.hosts.find(health.host);
    if (instance == known.end() || host == observed.hosts.end()) continue;
    if (const std::string why = why_unseen(host->second); !why.empty()) {
      if (!health.ready) continue;  // what its probes say is all that is known
      health.seen = "somebody answers, and whether that is its container is not known (" + why + ")";
      health.ready = health.leader = health.known = false;
      continue;
    }
    if (!host->second.engine_error.empty()) continue;
    const auto& all = host->second.containers;
    const auto own = std::find_if(all.begin(), all.end(), [&](const ObservedContainer& c) {
      return c.name == instance->second->spec.name && is_ours(c, desired.cluster);
    });
    const std::string state = own == all.end() ? "missing" : own->state;
    if (state == "running") continue;
    const std::string other =
        own == all.end() ? other_cluster_on(desired, host->second, health.component) : std::string();
    const bool taken = own == all.end() && is_name_taken(host->second, desired.cluster, instance->second->spec.name);
    health.seen = "the container is " + state +
                  (other.empty() ? "" : ", and one of cluster \"" + other + "\" is there") +
                  (taken ? ", and one that is not ours has its name" : "") +
                  (health.ready ? ", yet somebody answers" : "; " + health.seen);
    health.ready = health.leader = false;
    health.known = true;
  }
}

}  // namespace cctl
