#include "prepare/preparation.hpp"

#include <algorithm>

#include "look/fact.hpp"
#include "model/cut.hpp"
#include "model/prepared_json.hpp"
#include "model/shell_words.hpp"
#include "prepare/rules.hpp"
#include "prepare/undo.hpp"

namespace cctl {
namespace {

struct Item {
  const char* name;
  PrepareMode Prepare::*mode;
  Rule rule;
  FactList facts;  // that the rule goes by
};

// In the order in which they are put right: the firewall before Docker, whose chains it would take away.
constexpr const char* kDocker = "docker";
const std::vector<Item>& items() {
  static const std::vector<Item> all = {
      {"selinux", &Prepare::selinux, rule_selinux, {&fact::selinux}},
      {"firewall", &Prepare::firewall, rule_firewall, {&fact::firewall, &fact::init}},
      {kDocker,
       &Prepare::docker,
       rule_docker,
       {&fact::engine_installed, &fact::packages, &fact::engine_package, &fact::init}},
      {"hostname", &Prepare::hostname, rule_hostname, {&fact::hostname, &fact::init}},
      {"hosts_file", &Prepare::hosts_file, rule_hosts_file, {&fact::hostname, &fact::resolved}},
      {"sysctls", &Prepare::sysctls, rule_sysctls, {&fact::sysctls}},
      {"time", &Prepare::time, rule_time, {&fact::programs, &fact::time_services, &fact::packages, &fact::init}},
  };
  return all;
}

// Of a rule whose facts the host did not tell nothing is known, and nothing is done about it.
Ruling ruling_of(const Item& item, const Facts& facts, const HostWish& wish) {
  for (const Fact* fact : item.facts) {
    if (!facts.unsaid.count(fact->name)) continue;
    Ruling unknown;
    unknown.wrong = std::string(item.name) + " could not be looked at: the host does not tell: " + fact->name;
    return unknown;
  }
  return item.rule(facts, wish);
}

// The hosts of all legs, in their order.
std::vector<std::string> hosts_of(const Plan& plan) {
  std::vector<std::string> out;
  for (const auto& leg : plan.legs)
    for (const auto& host : leg.desired.hosts)
      if (std::find(out.begin(), out.end(), host.name) == out.end()) out.push_back(host.name);
  return out;
}

// A host is prepared once, for all that it will have.
std::vector<HostWish> wishes_of(const Plan& plan, const Prepare& wanted, const std::map<std::string, Facts>& facts) {
  std::vector<HostWish> out;
  for (const auto& name : hosts_of(plan)) {
    if (!facts.count(name)) continue;
    HostWish wish{plan.cluster, name, wanted, wanted.openings, {}, ""};
    for (const auto& leg : plan.legs) {
      for (const auto& i : leg.desired.instances)
        if (i.host == name) wish.openings.insert(wish.openings.end(), i.openings.begin(), i.openings.end());
      if (const Host* host = find_host(leg.desired.hosts, name)) wish.docker_host = host->ssh.docker_host.value_or("");
    }
    for (const auto& [other, told] : facts)
      if (other != name && told.hostname == facts.at(name).hostname) wish.same_name.push_back(other);
    out.push_back(std::move(wish));
  }
  return out;
}

// Components that run everywhere as wanted: they must stand it when an engine restarts.
std::vector<std::string> running(const Leg& leg) {
  std::vector<std::string> out;
  for (const auto& c : leg.desired.components) {
    const auto all = leg.desired.of(c.component);
    const auto as_wanted = std::count_if(leg.unchanged.begin(), leg.unchanged.end(),
                                         [&](const Step& s) { return s.component == c.component; });
    if (!all.empty() && all.front()->container() && as_wanted == static_cast<long>(all.size()))
      out.push_back(c.component);
  }
  return out;
}

Step step_of(const HostWish& wish, const Item& item, Ruling ruling) {
  Step step;
  step.host = wish.name;
  step.component = item.name;
  step.action = Action::prepare;
  step.reason = ruling.wrong + ": " + ruling.cure;
  step.subject = Preparation{std::move(ruling.commands), std::move(ruling.undo)};
  step.interrupts = ruling.restarts_engine;
  step.engine = ruling.restarts_engine || item.name == kDocker;
  return step;
}

void renumber(Leg& leg) {
  for (std::size_t i = 0; i < leg.waves.size(); ++i) {
    leg.waves[i].number = static_cast<int>(i);
    for (auto& step : leg.waves[i].steps) step.wave = leg.waves[i].number;
  }
}

}  // namespace

void ask_preparation(const Prepare& wanted, const std::string& ip, LookRequest& out) {
  out.ip = ip;
  for (const Item& item : items())
    if (wanted.*item.mode != PrepareMode::off) out.facts.insert(out.facts.end(), item.facts.begin(), item.facts.end());
  for (const auto& [name, value] : wanted.values) out.sysctls.insert(name);
}

void add_preparation(Plan& plan, const Prepare& wanted, const std::map<std::string, Facts>& facts) {
  const auto wishes = wishes_of(plan, wanted, facts);
  std::vector<Wave> waves;
  for (const Item& item : items()) {
    const PrepareMode mode = wanted.*item.mode;
    if (mode == PrepareMode::off) continue;
    Wave calm, in_turn;
    for (const HostWish& wish : wishes) {
      // Settings that keep it from starting are to be others first.
      if (item.name == kDocker && brings_engine(plan.first(), wish.name)) continue;
      Ruling ruling = ruling_of(item, facts.at(wish.name), wish);
      if (ruling.wrong.empty()) continue;
      const std::string told = wish.name + ": " + ruling.wrong;
      if (mode == PrepareMode::check) {
        plan.warnings.push_back(told + (ruling.commands.empty()
                                            ? ruling.help.empty() ? "" : "; " + ruling.help
                                            : std::string("; prepare: {") + item.name + ": apply} puts it right"));
        continue;
      }
      const std::string& unknown = facts.at(wish.name).engine_unknown;
      if (!ruling.commands.empty() && !unknown.empty()) {
        plan.refusals.push_back(
            {3, told + "; nothing is changed there while its Docker engine could not be asked (" + unknown + ")"});
        continue;
      }
      if (ruling.commands.empty()) {
        plan.refusals.push_back({3, told + (ruling.help.empty() ? "" : "; " + ruling.help)});
        continue;
      }
      if (!ruling.note.empty()) plan.warnings.push_back(wish.name + ": " + ruling.note);
      (ruling.restarts_engine ? in_turn : calm).steps.push_back(step_of(wish, item, std::move(ruling)));
    }
    calm.title = std::string("prepare ") + item.name;
    in_turn.title = calm.title + "  " + to_text(RollOrder::one_at_a_time);
    in_turn.order = RollOrder::one_at_a_time;
    in_turn.gate = running(plan.first());
    in_turn.timeout = std::chrono::seconds(120);
    for (Wave* wave : {&calm, &in_turn})
      if (!wave->steps.empty()) waves.push_back(std::move(*wave));
  }
  for (const Wave& wave : waves) plan.summary.prepare += static_cast<int>(wave.steps.size());
  Leg& leg = plan.first();
  leg.waves.insert(leg.waves.begin(), std::make_move_iterator(waves.begin()), std::make_move_iterator(waves.end()));
  renumber(leg);
}

namespace {

std::string not_run(const Plan& plan, const std::string& host, const Prepared& done, const HostCommand& odd) {
  const std::string path = prepared_path(plan.cluster);
  return host + ": " + path + " has \"" + cut_text(shell_line(odd)) + "\" to put " + cut_text(done.item) +
         " back, which no rule of prepare: can have made: none of it is run; look who wrote that, then rm " + path;
}

// The last first. An entry is run as a whole or not at all: the end of one without its beginning would shut us out.
Step undoing(Plan& plan, const ObservedHost& host, const std::string& name) {
  Step step;
  step.host = name;
  step.action = Action::put_back;
  step.reason = "what preparing the host changed";
  Preparation back;
  std::set<std::string> names;
  std::size_t refused = 0;
  for (auto p = host.prepared.rbegin(); p != host.prepared.rend(); ++p) {
    if (const HostCommand* odd = not_of_a_rule(*p, plan.cluster)) {
      if (++refused <= limits::listed) plan.warnings.push_back(not_run(plan, name, *p, *odd));
      continue;
    }
    if (names.insert(p->item).second) step.component += (step.component.empty() ? "" : ", ") + p->item;
    back.commands.insert(back.commands.end(), p->undo.begin(), p->undo.end());
  }
  step.subject = std::move(back);
  if (refused > limits::listed)
    plan.warnings.push_back(name + ": " + prepared_path(plan.cluster) + " has " +
                            std::to_string(refused - limits::listed) + " more that no rule of prepare: can have made");
  return step;
}

}  // namespace

void add_undoing(Plan& plan, const Observed& observed, const std::set<std::string>& limit) {
  Wave wave;
  wave.title = "prepare  put back";
  for (const auto& host : plan.first().desired.hosts) {
    const auto found = observed.hosts.find(host.name);
    if (found == observed.hosts.end() || !found->second.reachable || !(limit.empty() || limit.count(host.name)))
      continue;
    Step step = undoing(plan, found->second, host.name);
    if (step.component.empty()) continue;
    wave.steps.push_back(std::move(step));
  }
  if (wave.steps.empty()) return;
  auto& waves = plan.first().waves;
  auto at = waves.end();
  while (at != waves.begin() && std::prev(at)->component.empty() && std::prev(at)->steps.front().component.empty())
    --at;
  waves.insert(at, std::move(wave));
  renumber(plan.first());
}

bool brings_engine(const Step& step) {
  return step.engine && (step.action != Action::prepare || step.component == kDocker);
}

bool brings_engine(const Leg& leg, const std::string& host) {
  for (const auto& wave : leg.waves)
    for (const auto& step : wave.steps)
      if (step.host == host && brings_engine(step)) return true;
  return false;
}

}  // namespace cctl
