// clusterctl check: what would stop an up, or spoil what it brings up, without changing anything.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "apply/ask_checks.hpp"
#include "apply/guarded.hpp"
#include "apply/scripts.hpp"
#include "commands/at_terminal.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "commands/timings.hpp"
#include "commands/world.hpp"
#include "model/error.hpp"
#include "model/report.hpp"
#include "report/check.hpp"
#include "report/words.hpp"
#include "run/live.hpp"

namespace cctl {
namespace {

struct CheckOptions {
  std::vector<std::string> only, skip;
  bool list = false, fix = false;
};

int list_checks(const Options& options) {
  if (options.json())
    print_json(check_list_json_text());
  else
    write_out(check_list_text(look_of(STDOUT_FILENO, options.color)));
  return 0;
}

Desired narrowed(Desired desired, const DiffOptions& chosen) {
  const auto left_out = [](const std::set<std::string>& names, const std::string& name) {
    return !names.empty() && !names.count(name);
  };
  std::erase_if(desired.hosts, [&](const Host& h) { return left_out(chosen.limit, h.name); });
  std::erase_if(desired.instances, [&](const Instance& i) {
    return left_out(chosen.limit, i.host) || left_out(chosen.components, i.component);
  });
  return desired;
}

// All that one check found on a host.
struct Mending {
  std::string check, host, cure;
  CommandResult result;  // of the command that failed, or the last
};

// Under the lease, as whatever changes hosts.
Hosts held_alone(World& world, Live& live, Lease& lease) {
  std::string cluster = live.desired.cluster, holder = holder_line("check --fix");
  const std::string other = world.run(lease.take(live.hosts, live.wanted.hosts, std::move(cluster), std::move(holder)));
  if (!other.empty())
    throw Error("another run is under way: " + other + "; nothing was mended; wait for its end, or end it there", 5);
  return guarded(live.hosts, lease);
}

std::vector<Mending> mend(World& world, Live& live, const CheckInput& input, const std::vector<Finding>& findings) {
  std::vector<Mending> out;
  std::set<std::string> done;
  Lease lease;
  std::optional<Hosts> ours;
  for (const Finding& finding : findings) {
    const Ruling ruling = fix_of(finding, input);
    if (ruling.commands.empty() || !done.insert(finding.check + " " + finding.host).second) continue;
    if (!ours) ours = held_alone(world, live, lease);
    Mending mending{finding.check, finding.host, ruling.cure, {}};
    for (const HostCommand& words : ruling.commands) {
      if (mending.result.exit_status != 0) break;
      mending.result = world.run(ours->at(finding.host).shell().work(command_of(words), ""));
    }
    out.push_back(std::move(mending));
  }
  return out;
}

// Told on standard error once the hosts were looked at again: what a script says of itself is not what became of it.
void tell_mended(const std::vector<Mending>& mendings, const std::vector<Finding>& now) {
  for (const Mending& m : mendings) {
    const auto still = std::find_if(now.begin(), now.end(), [&](const Finding& f) {
      return f.check == m.check && f.host == m.host && f.verdict != Verdicted::ok;
    });
    if (still == now.end()) {
      tell("mended {} on {}: {}\n", m.check, m.host, m.cure);
      continue;
    }
    const std::string& err = m.result.err;
    const std::string said =
        m.result.exit_status != 0 && !err.empty() ? "; its command said: " + err.substr(0, 300) : "";
    tell("could not mend {} on {}: {}{}\n", m.check, m.host, still->text, said);
  }
}

int run_check(const Options& options, const CheckOptions& wanted) {
  if (wanted.list) return list_checks(options);
  const auto names = chosen_checks(wanted.only, wanted.skip);
  if (names.empty())
    throw Error(fmt::format("--skip takes away every check{}: \"{}\"; leave one of them in",
                            wanted.only.empty() ? "" : " that --only names",
                            joined(wanted.only.empty() ? wanted.skip : wanted.only, ", ")),
                2);
  Sources sources = load_sources(options);
  std::vector<std::string> words = {"--fix"};
  for (const auto& name : wanted.only) words.insert(words.end(), {"--only", name});
  for (const auto& name : wanted.skip) words.insert(words.end(), {"--skip", name});
  if (wanted.fix)
    need_said(options, next_command(options, "check", words), sources);
  else
    tell_guess(options, sources);
  World world(options);
  WantedCluster cluster = wanted_of(std::move(sources));
  cluster.checks = names;
  Live live = world.run(connect(world.network(), std::move(cluster), connect_limits(options), false));
  const DiffOptions chosen = diff_options(options, live.desired);
  const auto ask = [&] {
    const Desired desired = narrowed(live.desired, chosen);
    const Looks looks{live.observed, live.facts};
    return world.run(gather(live.hosts, world.clock(), desired, looks, names));
  };
  CheckInput input = ask();
  auto findings = make_checks(input, names);
  if (wanted.fix)
    ask_guess(world, "Mend the hosts of " + cluster_and_file(live.desired.cluster, live.wanted.file) + "?",
              live.desired.cluster);
  const auto mendings = wanted.fix ? mend(world, live, input, findings) : std::vector<Mending>{};
  if (!mendings.empty()) {
    world.run(look_again(live));
    input = ask();
    findings = make_checks(input, names);
    tell_mended(mendings, findings);
  }
  for (Finding& finding : findings) finding.next = told_for(options, finding.next);
  if (options.json())
    print_json(check_json_text(live.desired.cluster, findings));
  else
    write_out(check_text(live.desired.cluster, findings, look_of(STDOUT_FILENO, options.color), options.verbose > 0));
  tell_timings(world);
  const bool failed =
      std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.verdict == Verdicted::fail; });
  return static_cast<int>(failed ? Exit::preflight : Exit::ok);
}

}  // namespace

void add_check(Program& program) {
  const auto wanted = std::make_shared<CheckOptions>();
  program
      .add("check", "find what would stop an up, or spoil it; exit 3 when a check fails",
           [&program, wanted] { return run_check(program.options, *wanted); })
      .inventory(program.options)
      .json()
      .list("--only", wanted->only, "NAME,...", "only these checks")
      .list("--skip", wanted->skip, "NAME,...", "all but these")
      .flag("--fix", wanted->fix, "mend what can be mended safely, then check again")
      .flag("--list", wanted->list, "show every check there is instead");
}

}  // namespace cctl
