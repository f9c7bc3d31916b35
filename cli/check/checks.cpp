#include "check/checks.hpp"

#include <algorithm>
#include <charconv>

#include "check/rules.hpp"
#include "model/cut.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"
#include "model/ssh_command.hpp"
#include "plan/owned.hpp"

namespace cctl {
namespace {

void check_names(const std::vector<std::string>& given) {
  std::vector<std::string> known;
  for (const auto& kind : check_kinds()) known.push_back(kind.name);
  for (const auto& name : given)
    if (!find_check(name))
      throw Error(fmt::format("unknown check \"{}\"{}; clusterctl check --list shows them all", name,
                              did_you_mean(name, known)),
                  2);
}

// What a host shows may be beyond what a rule reckons with: that host is not known to be good or bad, and all others
// are looked at. A playbook that asks for what is no check is another matter (exit 2).
void guarded(Verdicts& verdicts, const std::function<void()>& rule) {
  try {
    rule();
  } catch (const Error& e) {
    if (e.exit_code() == 2) throw;
    verdicts.skip(std::string("could not be checked: ") + e.what());
  } catch (const std::exception& e) {
    verdicts.skip(std::string("could not be checked: ") + e.what());
  }
}

// What the rule goes by that the host did not tell: "kernel".
std::string unsaid(const Facts& facts, const FactList& needed) {
  for (const Fact* fact : needed)
    if (facts.unsaid.count(fact->name)) return fact->name;
  return "";
}

void make_one(const CheckInput& input, const CheckKind& kind, const std::vector<HostView>& hosts,
              std::vector<Finding>& out) {
  if (kind.across) {
    Verdicts verdicts(kind, "", out);
    return guarded(verdicts, [&] { all_rules().across.at(kind.name).rule(input, verdicts); });
  }
  const auto& row = all_rules().each.at(kind.name);
  for (const auto& view : hosts) {
    Verdicts verdicts(kind, view.host.name, out);
    const auto before = out.size();
    guarded(verdicts, [&] { row.rule(view, verdicts); });
    const std::string what = unsaid(view.facts, row.facts);
    if (out.size() == before || what.empty()) continue;  // it does not apply, or goes by what was told
    out.resize(before);
    Verdicts(kind, view.host.name, out).skip(fmt::format("the host does not tell: {}", what));
  }
}

Host named(const CheckInput& input, const std::string& name) {
  for (const auto& host : input.desired.hosts)
    if (host.name == name) return host;
  Host host;
  host.address = name;
  return host;
}

}  // namespace

std::vector<AskedCheck> HostView::asked(const std::string& check) const {
  std::vector<AskedCheck> out;
  for (const auto* instance : instances)
    if (const auto found = instance->checks.find(check); found != instance->checks.end())
      out.push_back({instance, &found->second});
  return out;
}

const std::string& AskedCheck::text(const std::string& name) const {
  const auto found = arguments->find(name);
  if (found != arguments->end()) return found->second;
  throw Error(fmt::format("the playbook {} asks for a check without \"{}\"", instance->component, name), 2);
}

long long AskedCheck::number(const std::string& name) const {
  const std::string& digits = text(name);
  long long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc() && end == digits.data() + digits.size()) return value;
  throw Error(fmt::format("the playbook {} asks for a check with {}: \"{}\", which is no number", instance->component,
                          name, digits),
              2);
}

const Rules& all_rules() {
  static const Rules rules = [] {
    Rules out;
    add_access_rules(out);
    add_host_rules(out);
    add_file_rules(out);
    add_docker_rules(out);
    add_network_rules(out);
    add_name_rules(out);
    add_balancer_rules(out);
    return out;
  }();
  return rules;
}

std::vector<Finding> make_checks(const CheckInput& input, const std::set<std::string>& names) {
  static const ObservedHost nothing;
  std::vector<HostView> hosts;
  for (const auto& host : input.desired.hosts) {
    const auto facts = input.facts.find(host.name);
    if (facts == input.facts.end()) continue;
    const auto observed = input.observed.hosts.find(host.name);
    HostView view{input, host, facts->second, observed == input.observed.hosts.end() ? nothing : observed->second, {}};
    for (const auto& instance : input.desired.instances)
      if (instance.host == host.name) view.instances.push_back(&instance);
    hosts.push_back(std::move(view));
  }
  std::vector<Finding> out;
  for (const auto& kind : check_kinds()) {
    if (!names.count(kind.name)) continue;
    if (kind.name == "ssh.reachable")
      for (const auto& [host, absent] : input.absent)
        Verdicts(kind, host, out)
            .bad(std::string(about(absent.absence).login) + ": " + absent.why,
                 ssh_command(named(input, host), "-v") + "; see ssh: in the inventory");
    make_one(input, kind, hosts, out);
  }
  return out;
}

void ask_checks(const std::set<std::string>& names, const Desired& desired, const std::string& host, LookRequest& out) {
  const auto ask = [&](const FactList& facts) { out.facts.insert(out.facts.end(), facts.begin(), facts.end()); };
  for (const auto& name : names) {
    if (const auto rule = all_rules().each.find(name); rule != all_rules().each.end()) ask(rule->second.facts);
    if (const auto rule = all_rules().across.find(name); rule != all_rules().across.end()) ask(rule->second.facts);
  }
  if (names.empty()) return;
  out.disks.insert("/var/lib/docker");
  out.lent.merge(lent_directories(desired, host));
  for (const auto& instance : desired.instances) {
    if (instance.host != host) continue;
    for (const auto& directory : instance.directories)
      if (directory.data) out.disks.insert(directory.path);
    const auto arguments = [&](const char* check) {
      const auto found = instance.checks.find(check);
      return found == instance.checks.end() ? std::map<std::string, std::string>{} : found->second;
    };
    for (const char* check : {"sysctl", "sysctl.advice"})
      for (const auto& [name, value] : arguments(check)) out.sysctls.insert(name);
    if (!arguments("swap").empty()) out.sysctls.insert("vm.swappiness");
    if (!arguments("ports.range").empty()) out.sysctls.insert("net.ipv4.ip_local_port_range");
  }
}

std::set<std::string> checks_before(const Plan& plan, const std::set<std::string>& chosen) {
  std::set<std::string> asked;
  for (const auto& leg : plan.legs)
    for (const auto& wave : leg.waves)
      for (const auto& step : wave.steps)
        // What was free for the old settings may not be for these.
        if (const auto* i = leg.desired.find(step.host, step.component); i && about(step.action).takes_in)
          for (const auto& [name, arguments] : i->checks) asked.insert(name);
  std::set<std::string> out;
  for (const auto& kind : check_kinds())
    if (chosen.count(kind.name) && (kind.quick || (kind.at_first() && asked.count(kind.name)))) out.insert(kind.name);
  return out;
}

std::set<std::string> chosen_checks(const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  check_names(only);
  check_names(skip);
  std::set<std::string> out(only.begin(), only.end());
  if (only.empty())
    for (const auto& kind : check_kinds()) out.insert(kind.name);
  for (const auto& name : skip) out.erase(name);
  return out;
}

std::string listed(const std::vector<std::string>& words) {
  return first_few(words);
}

void tell_shared(const std::map<std::string, std::string>& by_host, const std::string& what, const std::string& next,
                 Verdicts& out) {
  std::map<std::string, std::vector<std::string>> hosts;
  for (const auto& [host, value] : by_host)
    if (!value.empty()) hosts[value].push_back(host);
  bool good = true;
  for (const auto& [value, names] : hosts) {
    if (names.size() < 2) continue;
    good = false;
    out.bad(fmt::format("{} have one {}: \"{}\"", listed(names), what, value), next);
  }
  if (good && hosts.size() > 1) out.ok(fmt::format("{} hosts, each with a {} of its own", hosts.size(), what));
}

}  // namespace cctl
