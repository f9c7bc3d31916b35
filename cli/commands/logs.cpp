// clusterctl logs COMPONENT: the containers' own words.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

#include "apply/parallel.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "commands/world.hpp"
#include "model/cut.hpp"
#include "model/error.hpp"
#include "plan/select.hpp"
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
  const std::string said = without_secrets(line);
  write_out(one_line((host_width > 0 ? padded(host, host_width) + "  " : "") + said));
  flush_out();
}

constexpr std::chrono::milliseconds beat{1000};

// A container that stops is waited for, and followed from its next start on.
Task<void> follow(Engine& engine, Clock& clock, const Instance& instance, int lines,
                  std::function<void(std::string)> line) {
  const std::string name = instance.container()->spec.name;
  std::string since;
  for (;;) {
    ContainerInfo now = co_await engine.inspect(name);
    const std::string id = now.id, ended = now.ended;
    co_await engine.follow_logs(name, lines, since, line);
    tell("{} on {} has stopped; waiting for its next start\n", instance.component, instance.host);
    do {
      co_await clock.sleep(beat);
      now = co_await engine.inspect(name);
    } while (now.state != "running");
    // From the end of the run before: a container has spoken before its engine says that it has started. The same run,
    // when only its engine was away: what it has said since is lost, what it said before is known.
    const bool same_run = now.id == id && now.ended == ended;
    lines = same_run ? 0 : std::numeric_limits<int>::max();
    since = now.id == id ? now.ended : "";
  }
}

// A reader that has gone away is not noticed before the next line, which may take for ever.
Task<void> watch_reader(Clock& clock, const std::size_t& followed) {
  while (followed > 0) {
    pollfd out{STDOUT_FILENO, 0, 0};
    if (::poll(&out, 1, 0) > 0 && (out.revents & POLLERR)) {
      std::fflush(nullptr);
      std::quick_exit(0);
    }
    co_await clock.sleep(beat);
  }
}

// A container's log, or why there is none.
struct Fetched {
  bool ended = false;
  std::vector<std::string> lines;
  std::string fault;
  int exit_code = 0;
};

constexpr std::size_t at_once = 32;

std::string fault_of(const Instance& instance, const Error& e) {
  return fmt::format("{} on {}: {}", instance.component, instance.host, cut_text(e.what()));
}

// The first error is the run's; all of them are told.
void tell_faults(const std::vector<Fetched>& all) {
  std::string text;
  int exit_code = 0;
  for (const Fetched& one : all) {
    if (one.fault.empty()) continue;
    if (exit_code == 0) exit_code = one.exit_code;
    text += (text.empty() ? "" : "\n") + one.fault;
  }
  if (!text.empty()) throw Error(text + "; next: clusterctl status", exit_code);
}

// All are asked at once, and each host's lines are printed together, in the order of the hosts.
Task<void> print_last(Hosts& hosts, const std::vector<Instance>& instances, int lines, int host_width) {
  std::vector<Fetched> all(instances.size());
  std::size_t printed = 0;
  const auto print_ended = [&] {
    for (; printed < all.size() && all[printed].ended; ++printed) {
      for (const std::string& line : all[printed].lines) print_line(line, instances[printed].host, host_width);
      all[printed].lines = {};
    }
  };
  const std::function<Task<void>(std::size_t)> one = [&](std::size_t i) -> Task<void> {
    if (hosts.door(instances[i].host)) {
      try {
        std::string container = instances[i].container()->spec.name;
        all[i].lines = co_await hosts.at(instances[i].host).engine().logs(std::move(container), lines);
      } catch (const Error& e) {
        all[i].fault = fault_of(instances[i], e);
        all[i].exit_code = e.exit_code();
      }
    }
    all[i].ended = true;
    print_ended();
  };
  co_await for_all(instances.size(), at_once, one);
  tell_faults(all);
}

// Lines come as they come, and an error is told when it happens: the others go on.
Task<void> follow_all(Hosts& hosts, Clock& clock, const std::vector<Instance>& instances, int lines, int host_width) {
  std::size_t left = instances.size();
  std::vector<Fetched> last(1);
  const std::function<Task<void>(std::size_t)> one = [&](std::size_t i) -> Task<void> {
    if (i == instances.size()) {
      co_await watch_reader(clock, left);
      co_return;
    }
    const Instance& instance = instances[i];
    if (hosts.door(instance.host)) {
      try {
        Engine& engine = hosts.at(instance.host).engine();
        std::function<void(std::string)> line = [&](std::string text) { print_line(text, instance.host, host_width); };
        co_await follow(engine, clock, instance, lines, std::move(line));
      } catch (const Error& e) {
        last[0].fault = fault_of(instance, e);
        last[0].exit_code = e.exit_code();
        if (left > 1) tell("{}\n", std::exchange(last[0].fault, ""));
      }
    }
    --left;
  };
  co_await for_all(instances.size() + 1, instances.size() + 1, one);
  tell_faults(last);
}

Task<void> print_logs(Hosts& hosts, Clock& clock, const std::vector<Instance>& instances, const LogOptions& wanted) {
  int host_width = 0;
  if (instances.size() > 1) {
    for (const Instance& instance : instances) host_width = std::max(host_width, width(instance.host));
  }
  if (wanted.follow)
    co_await follow_all(hosts, clock, instances, wanted.lines, host_width);
  else
    co_await print_last(hosts, instances, wanted.lines, host_width);
}

int run_logs(const Options& given, const LogOptions& log) {
  Options options = given;
  options.components = {log.component};
  options.components_of_variable = false;
  const Sources sources = load_sources(options);
  tell_guess(options, sources);
  const Desired desired = expand_sources(sources, {});
  const DiffOptions chosen = diff_options(options, desired);
  if (chosen.components.size() > 1)
    throw Error(fmt::format("{} names {}; logs shows one component at a time", log.component,
                            fmt::join(chosen.components, ", ")),
                2);
  LogOptions wanted = log;
  wanted.component = *chosen.components.begin();
  std::vector<Instance> instances;
  std::vector<Host> needed;
  for (const Instance* instance : desired.of(wanted.component)) {
    if (!is_chosen(chosen, instance->host, instance->component)) continue;
    if (!instance->container()) throw Error(wanted.component + " has no container, whose log could be shown", 2);
    instances.push_back(*instance);
    for (const Host& host : desired.hosts) {
      if (host.name == instance->host) needed.push_back(host);
    }
  }
  if (instances.empty()) throw Error(wanted.component + " does not run on the hosts that --limit names", 2);
  World world(given);
  Hosts hosts = world.run(connect_all(world.network(), needed, connect_limits(given)));
  // Before the logs, which may be followed for long, or end in a fault of another host.
  for (const auto& [host, why] : hosts.absent()) tell("{}\n", told_absent(why.absence, host, why.error.what()));
  world.run(print_logs(hosts, world.clock(), instances, wanted));
  return hosts.absent().empty() ? 0 : hosts.absent().begin()->second.error.exit_code();
}

}  // namespace

void add_logs(Program& program) {
  const auto wanted = std::make_shared<LogOptions>();
  program
      .add("logs", "the last lines of a component's containers; -l for one host",
           [&program, wanted] { return run_logs(program.options, *wanted); })
      .argument("component", wanted->component, "whose logs", true)
      .inventory(program.options)
      .only_hosts()
      .option("-n,--lines", wanted->lines, 0, 1000000, "how many; 100 if not said")
      .flag("-f,--follow", wanted->follow, "go on printing until Ctrl-C, over restarts, too");
}

}  // namespace cctl
