// clusterctl down: the diff against nothing. Data stays unless it is asked for by the cluster's name.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "commands/at_terminal.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"
#include "plan/our_containers.hpp"
#include "prepare/preparation.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

struct DownOptions {
  bool purge = false;
  std::string confirm;
};

// "prod (prod.yml)", "zookeeper, marathon of prod (prod.yml)", "prod (prod.yml) on master1"
std::string part_in_words(const DiffOptions& chosen, const std::string& cluster) {
  const std::vector<std::string> components(chosen.components.begin(), chosen.components.end()),
      hosts(chosen.limit.begin(), chosen.limit.end());
  std::string out = components.empty() ? cluster : joined(components, ", ") + " of " + cluster;
  if (!hosts.empty()) out += " on " + joined(hosts, ", ");
  return out;
}

// What runs with our label, whether the inventory still has it or not.
std::vector<std::string> components_there(const Observed& observed, const std::string& cluster) {
  std::vector<std::string> out;
  for (const auto& [name, host] : observed.hosts)
    for (const auto& c : host.containers) {
      const std::string component = c.get(label::component);
      const bool known = std::find(out.begin(), out.end(), component) != out.end();
      if (is_ours(c, cluster) && !known) out.push_back(component);
    }
  return out;
}

bool confirmed(World& world, const DownOptions& down, const std::string& cluster, const std::string& part,
               const std::set<std::string>& purged) {
  if (!down.confirm.empty() && down.confirm != cluster) {
    throw Error(
        "--confirm \"" + down.confirm + "\" is not the name of the cluster, \"" + cluster + "\"; nothing was changed",
        10);
  }
  if (!down.confirm.empty()) return true;
  if (!down.purge) return ask_consent(world, "Take " + part + " down? Its data stays.", cluster, true);
  const std::vector<std::string> directories(purged.begin(), purged.end());
  return ask_word(world,
                  "This deletes the data of " + part + ", too" +
                      (directories.empty() ? "" : ": " + joined(directories, ", ")) + ". Type the name of the cluster:",
                  cluster, "--confirm " + shell_word(cluster));
}

std::string engine_in_the_way(const ObservedHost& host) {
  if (!host.engine_off)
    return fmt::format("{}: the Docker engine could not be asked ({}): {} on the host says more", host.name,
                       host.engine_error, docker_line(host.docker_host, {"info"}));
  if (const std::string way = standing_in_words(host.engine_way); !way.empty())
    return fmt::format(
        "{}: the Docker engine does not run ({}); clusterctl check --fix removes what is safe to remove "
        "and starts it, so that its containers can be removed",
        host.name, way);
  return fmt::format(
      "{}: the Docker engine does not run ({}): start it, so that its containers can be removed; clusterctl up does so "
      "where settings of the inventory keep it from starting",
      host.name, host.engine_log.empty() ? host.engine_error : host.engine_log);
}

// What an engine that does not answer runs cannot be seen, let alone removed; where Docker is not installed, nothing
// runs.
void need_engines(const Live& live, const DiffOptions& chosen, const Again& again) {
  const Absent away = lacking(live.desired, chosen, [&](const std::string& name) -> std::string {
    const auto host = live.observed.hosts.find(name);
    if (host == live.observed.hosts.end() || !host->second.docker_installed || host->second.engine_error.empty())
      return "";
    return engine_in_the_way(host->second);
  });
  if (!away.text.empty()) throw Error(away.text + "nothing was changed; " + way_on(away, again), 3);
}

int run_down(const Options& options, const DownOptions& down) {
  if (down.purge && !options.components.empty())
    throw Error("--purge-data takes no --component: files and data go with all that is on a host; --limit names hosts",
                2);
  Sources sources = load_sources(options);
  std::vector<std::string> words;
  if (down.purge) words.emplace_back("--purge-data");
  const std::string again = next_command(options, "down", words);
  const Again others = with_limit(options, "down", words);
  if (down.confirm.empty()) need_said(options, again, sources);
  const auto progress = progress_for(options);
  World world(options);
  const std::string cluster = sources.inventory.cluster, file = sources.inventory.file;
  RunRequest request = request_for(options, "down", std::move(sources));
  request.chosen = [&](const Live& now) {
    return diff_options(options, now.desired, components_there(now.observed, cluster));
  };
  request.again = others;
  request.needs = [&](const Live& now) { need_engines(now, request.chosen(now), others); };
  request.ends_healthy = false;
  std::set<std::string> purged;
  request.plan = [&](const Live& now) {
    const DiffOptions how = request.chosen(now);
    Plan plan = diff_down(now.desired, now.observed, how, down.purge);
    for (const auto& wave : plan.first().waves)
      for (const auto& step : wave.steps)
        if (const auto* remains = step.remains()) purged.insert(remains->purged.begin(), remains->purged.end());
    if (how.components.empty()) add_undoing(plan, now.observed, how.limit);
    return plan;
  };
  request.next = [&] { return again; };
  std::string part;
  request.begins = [&](const Live& now) { part = part_in_words(request.chosen(now), cluster_and_file(cluster, file)); };
  request.confirm = [&](const Live& now) {
    return confirmed(world, down, cluster, part_in_words(request.chosen(now), cluster_and_file(cluster, file)), purged);
  };
  const int code = run_at_terminal(world, *progress, "down", request);
  if (code == 0 && !options.json()) say("{} is down{}\n", part, down.purge ? ", its data is gone" : "; its data stays");
  return code;
}

}  // namespace

void add_down(Program& program) {
  const auto down = std::make_shared<DownOptions>();
  program
      .add("down", "stop and remove what carries this cluster's labels",
           [&program, down] { return run_down(program.options, *down); })
      .inventory(program.options)
      .json()
      .flag("--purge-data", down->purge, "delete the data directories, too; asks for the name of the cluster")
      .option("--confirm", down->confirm, "NAME", "the name of the cluster, instead of typing it")
      .only_typed("--confirm");
}

}  // namespace cctl
