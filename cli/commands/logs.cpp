// clusterctl logs COMPONENT: the containers' own words.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "apply/parallel.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/live.hpp"
#include "commands/out.hpp"
#include "model/error.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

struct LogOptions {
  std::string component;
  int lines = 100;
  bool follow = false;
};

// With more than one host each line says where it comes from.
void print_line(const std::string& line, const std::string& host, int host_width) {
  if (host_width > 0) say("{}  ", padded(host, host_width));
  say("{}\n", printable(line));
  flush_out();
}

Task<void> print_logs(Hosts& hosts, const std::vector<Instance>& instances, const LogOptions& wanted) {
  int host_width = 0;
  if (instances.size() > 1) {
    for (const Instance& instance : instances) host_width = std::max(host_width, width(instance.host));
  }
  const std::function<Task<void>(std::size_t)> one = [&](std::size_t i) -> Task<void> {
    const Instance& instance = instances[i];
    if (!hosts.door(instance.host)) co_return;
    Engine& engine = hosts.at(instance.host).engine();
    std::string container = instance.container.name;
    try {
      if (wanted.follow) {
        std::function<void(std::string)> tell = [&](std::string line) { print_line(line, instance.host, host_width); };
        co_await engine.follow_logs(std::move(container), wanted.lines, std::move(tell));
      } else {
        const std::vector<std::string> lines = co_await engine.logs(std::move(container), wanted.lines);
        for (const std::string& line : lines) print_line(line, instance.host, host_width);
      }
    } catch (const Error& e) {
      throw Error(fmt::format("{} on {}: {}; next: clusterctl status", instance.component, instance.host, e.what()),
                  e.exit_code());
    }
  };
  // One after the other keeps a host's lines together; followed ones come as they come.
  co_await for_all(instances.size(), wanted.follow ? instances.size() : 1, one);
}

int run_logs(const Options& given, const LogOptions& wanted) {
  Options options = given;
  options.components = {wanted.component};
  const Desired desired = expand_sources(load_sources(options), {});
  const DiffOptions chosen = diff_options(options, desired);
  std::vector<Instance> instances;
  std::vector<Host> needed;
  for (const Instance* instance : desired.of(wanted.component)) {
    if (!chosen.limit.empty() && !chosen.limit.count(instance->host)) continue;
    instances.push_back(*instance);
    for (const Host& host : desired.hosts) {
      if (host.name == instance->host) needed.push_back(host);
    }
  }
  if (instances.empty()) throw Error(wanted.component + " does not run on the hosts that --limit names", 2);
  World world(given);
  ConnectLimits limits;
  limits.at_once = static_cast<std::size_t>(given.concurrency);
  limits.timeout = std::chrono::milliseconds(static_cast<long long>(given.ssh_timeout * 1000));
  Hosts hosts = world.run(connect_all(world.network(), needed, limits));
  world.run(print_logs(hosts, instances, wanted));
  for (const auto& [host, why] : hosts.unreachable()) tell("{} is unreachable: {}\n", host, printable(why.what()));
  return hosts.unreachable().empty() ? 0 : hosts.unreachable().begin()->second.exit_code();
}

}  // namespace

void add_logs(Program& program) {
  const auto wanted = std::make_shared<LogOptions>();
  program
      .add("logs", "the last lines of a component's containers; -l for one host",
           [&program, wanted] { return run_logs(program.options, *wanted); })
      .argument("component", wanted->component, "whose logs", true)
      .inventory(program.options)
      .option("-n,--lines", wanted->lines, 0, 1000000, "how many; 100 if not said")
      .flag("-f,--follow", wanted->follow, "go on printing until Ctrl-C");
}

}  // namespace cctl
