// A container: made, started, told of its files, and put back.
#include "apply/guarded.hpp"
#include "apply/last_words.hpp"
#include "apply/observe.hpp"
#include "apply/run.hpp"
#include "model/cut.hpp"
#include "model/shell_words.hpp"
#include "plan/our_containers.hpp"

namespace cctl {
namespace {

constexpr int kStopTimeout = 10;
constexpr int kKilled = 128 + 9;

std::string stopped_by_force(int timeout) {
  return "the old one did not end when asked to and was stopped by force after " + std::to_string(timeout) + "s";
}

}  // namespace

Task<void> Run::act(Begun& begun, const Container& container) {
  const Step& step = *begun.step;
  const Instance& instance = *begun.instance;
  if (about(step.action).keeps) {
    begun.undo = co_await ledger(step.host).way_back(instance, step);
    co_return;
  }
  co_await write_files(begun);
  Engine& docker = engine(step.host);
  std::string name = container.spec.name;
  switch (step.action) {
    case Action::create:
      co_await start_new(step, container);
      break;
    case Action::recreate:
      co_await set_aside(begun, container);
      co_await start_new(step, container);
      break;
    case Action::start:
      // A run that was killed while it put things back leaves "no".
      co_await docker.set_restart_policy(name, "unless-stopped");
      co_await docker.start(std::move(name));
      break;
    case Action::restart:
      co_await restart(begun, container);
      break;
    case Action::reload:
      co_await reload(step.host, container);
      break;
    default:
      break;
  }
  runs_.changed(instance);
  co_await ledger(step.host).applied(instance, step);
}

Task<void> Run::start_new(const Step& step, const Container& container) {
  ContainerSpec spec = container.spec;
  for (const auto& [key, value] : step.extra_env) spec.env.insert_or_assign(key, value);
  std::string name = spec.name;
  std::string id = co_await engine(step.host).create(std::move(spec), std::move(name));
  co_await engine(step.host).start(std::move(id));
}

// The old container waits, stopped, under another name, until the new one has passed its gate. One that is still kept
// from an interrupted change is the one to go back to, unless what followed it runs.
Task<void> Run::set_aside(Begun& begun, const Container& container) {
  const Instance& instance = *begun.instance;
  Engine& docker = engine(instance.host);
  const std::string name = container.spec.name, previous = previous_name(name);
  const ContainerInfo kept = co_await docker.inspect(previous);
  const ContainerInfo now = co_await docker.inspect(name);
  if (now.state == "missing") co_return;
  bool keep_now = true;
  if (kept.state != "missing") {
    std::vector<const Instance*> only{runs_.desired().find(instance.host, instance.component)};
    const std::vector<InstanceHealth> health = co_await probe_some(hosts_, runs_.desired(), std::move(only));
    keep_now = now.state == "running" && health.front().ready;
  }
  co_await stop(begun, name, container.spec.stop_timeout);
  if (kept.state != "missing") {
    std::string which = keep_now ? previous : name;
    co_await docker.remove(std::move(which));
  }
  if (!keep_now) co_return;
  co_await docker.rename(name, previous);
  co_await docker.set_restart_policy(previous, "no");
}

// A program that does not end when it is asked to is killed, and what it was about to write is lost: that is told.
Task<void> Run::stop(Begun& begun, std::string container, int timeout) {
  const auto from = clock_.now();
  std::string name = container;
  co_await engine(begun.step->host).stop(std::move(name), timeout);
  if (clock_.now() - from < std::chrono::seconds(timeout)) co_return;
  const ContainerInfo info = co_await engine(begun.step->host).inspect(std::move(container));
  if (info.exit_code == kKilled) begun.note = stopped_by_force(timeout);
}

// The engine does not say how the old run ended: the time that it took does.
Task<void> Run::restart(Begun& begun, const Container& container) {
  const auto from = clock_.now();
  const int timeout = container.spec.stop_timeout;
  std::string name = container.spec.name;
  co_await engine(begun.step->host).restart(std::move(name), timeout);
  if (clock_.now() - from >= std::chrono::seconds(timeout)) begun.note = stopped_by_force(timeout);
}

Task<void> Run::reload(const std::string& host, const Container& container) {
  std::string name = container.spec.name;
  std::vector<std::string> command = container.reload;
  const CommandResult result = co_await engine(host).exec(std::move(name), std::move(command));
  if (result.exit_status != 0)
    throw Error("the reload" + end_in_words(result) + ": " + cut_text(result.out + result.err));
}

Task<void> Run::remove_container(Begun& begun) {
  const Step& step = *begun.step;
  const auto* container = begun.instance ? begun.instance->container() : nullptr;
  const int timeout = container ? container->spec.stop_timeout : kStopTimeout;
  co_await stop(begun, step.previous_id, timeout);
  // Before its container goes, so that a run that is killed here is made up for by the next.
  if (container && !container->cleanup.empty()) co_await run_on_host(step.host, container->cleanup);
  co_await engine(step.host).remove(step.previous_id);
}

// True when something was put back; false when there is nothing older.
Task<bool> Run::go_back(Begun& begun, const Container& container) {
  Engine& docker = engine(begun.step->host);
  const std::string name = container.spec.name, previous = previous_name(name);
  const ContainerInfo kept = co_await docker.inspect(previous);
  const ContainerInfo now = co_await docker.inspect(name);
  // What was seen may be another run's by now: it says nothing about what this one left.
  if (lease_lost()) throw LeaseLost();
  if (kept.state == "missing") {
    // Not set aside yet: what runs, or was just stopped, is still the old one.
    const Action action = begun.step->action;
    if (about(action).keeps || action == Action::restart || action == Action::reload)
      co_return co_await restore_files(begun, container);
    if (action != Action::recreate || now.id != begun.step->previous_id) co_return false;
    begun.untouched = now.state == "running" && (!begun.undo || begun.undo->empty());
    if (begun.untouched) co_return false;
    co_await undo(begun);
    if (now.state != "running") co_await docker.start(name);
    co_return true;
  }
  co_await undo(begun);
  if (now.state != "missing") {
    co_await docker.stop(name, container.spec.stop_timeout);
    co_await docker.remove(name);
  }
  co_await docker.rename(previous, name);
  co_await docker.set_restart_policy(name, "unless-stopped");
  co_await docker.start(name);
  co_return true;
}

// The old files, and what reads them told so.
Task<bool> Run::restore_files(Begun& begun, const Container& container) {
  if (!begun.undo || begun.undo->empty()) co_return false;
  begun.files_only = true;
  co_await undo(begun);
  std::string name = container.spec.name;
  if (begun.step->action == Action::reload)
    co_await reload(begun.step->host, container);
  else
    co_await engine(begun.step->host).restart(std::move(name), container.spec.stop_timeout);
  co_return true;
}

// A first start with nothing kept from before has nothing to remove afterwards.
Task<void> Run::let_go(const Step& step, const Container& container) {
  if (is_first(step) || (!about(step.action).anew && step.action != Action::release)) co_return;
  std::string previous = previous_name(container.spec.name);
  co_await engine(step.host).remove(std::move(previous));
}

// Not known where its engine does not say. Of one that is watched also why it never will run.
Task<Doing> Run::doing(const Instance& instance, const Container& container, Watched* watched) {
  Doing out;
  ContainerInfo info;
  try {
    std::string name = container.spec.name;
    info = co_await engine(instance.host).inspect(std::move(name));
  } catch (const Error& e) {
    out.known = false;
    out.seen = e.what();
    co_return out;
  }
  out.runs = info.state == "running";
  if (!out.runs) out.seen = "container " + info.state + ", last exit code " + std::to_string(info.exit_code);
  if (watched) {
    if (!watched->crash) watched->crash = CrashWatch{info.restarts, false};
    out.hopeless = why_hopeless(info, *watched->crash);
  }
  if (info.restarts > 0)
    out.seen += (out.seen.empty() ? "" : "; ") + std::string("restarted by Docker ") +
                (info.restarts == 1 ? "once" : std::to_string(info.restarts) + " times");
  co_return out;
}

Task<std::vector<std::string>> Run::log_of(const Instance& instance, const Container& container) {
  std::string name = container.spec.name;
  co_return co_await engine(instance.host).logs(std::move(name), kLogAsked);
}

void Run::tell_left(const Begun& begun, const Container&, Left& left) {
  if (!begun.error.empty()) return;
  const Step& step = *begun.step;
  left.state = "left as it is; there is nothing older to go back to";
  left.next =
      "clusterctl logs " + shell_word(step.component) + " -l " + shell_word(step.host) + ", then clusterctl up again";
}

}  // namespace cctl
