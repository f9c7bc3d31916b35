// One step on one host.
#include "apply/observe.hpp"
#include "apply/parallel.hpp"
#include "apply/run.hpp"
#include "plan/diff_instance.hpp"

namespace cctl {
namespace {

constexpr std::size_t kPullsAtOnce = 3;  // per host: what a Docker daemon does for one image, too
constexpr int kStopTimeout = 10;

std::string done_word(Action action) {
  switch (action) {
    case Action::pull:
      return "pulled";
    case Action::create:
      return "created";
    case Action::recreate:
      return "recreated";
    case Action::start:
      return "started";
    case Action::restart:
      return "restarted";
    case Action::reload:
      return "reloaded";
    case Action::write:
      return "written";
    case Action::deploy:
      return "deployed";
    case Action::remove:
      return "removed";
    case Action::release:
      return "old container removed";
    case Action::prepare:
      return "prepared";
    case Action::put_back:
      return "put back";
    case Action::none:
      break;
  }
  return "";
}

bool has_files_to_write(const Step& step) {
  for (const auto& file : step.files)
    if (file.write) return true;
  return false;
}

// Its directories are made, whether it has files or not.
bool is_made(Action action) {
  return action == Action::create || action == Action::recreate || action == Action::write;
}

// A first start with nothing kept from before has nothing to remove afterwards.
bool may_have_previous(const Step& step, const Instance* instance) {
  if (!instance || !instance->has_container()) return false;
  switch (step.action) {
    case Action::recreate:
    case Action::start:
    case Action::restart:
    case Action::release:
      return true;
    case Action::create:
      return !step.previous_name.empty();
    default:
      return false;
  }
}

}  // namespace

// Every image on every host before the first change; one that cannot be had ends the run.
Task<bool> Run::pulls(const Wave& wave) {
  std::map<std::string, std::vector<const Step*>> by_host;
  for (const auto& step : wave.steps) by_host[step.host].push_back(&step);
  std::vector<std::vector<const Step*>> rows;
  rows.reserve(by_host.size());
  for (auto& [host, steps] : by_host) rows.push_back(std::move(steps));
  const std::function<Task<void>(std::size_t)> work = [&](std::size_t i) -> Task<void> {
    const std::function<Task<void>(std::size_t)> one = [&, i](std::size_t n) -> Task<void> {
      if (may_begin()) co_await pull(*rows[i][n]);
    };
    co_await for_all(rows[i].size(), kPullsAtOnce, one);
  };
  co_await for_all(rows.size(), rows.size(), work);
  if (report_.failures.empty()) co_return may_begin();
  why_skipped_ = "not begun: an image could not be pulled";
  co_return false;
}

Task<void> Run::pull(const Step& step) {
  const auto since = clock_.now();
  listener_.step_started(step);
  touched_.insert(&step);
  std::string error;
  try {
    std::string image = step.image;
    std::function<void(PullProgress)> progress = [this, &step](PullProgress p) { listener_.pulling(step, p); };
    co_await engine(step.host).pull(std::move(image), std::move(progress));
  } catch (const Error& e) {
    error = e.what();
  }
  if (error.empty()) {
    report(step, Outcome::done, done_word(step.action), since);
    co_return;
  }
  report(step, Outcome::failed, error, since);
  Failure failure;
  failure.host = step.host;
  failure.component = step.component;
  failure.what = "has no image to run";
  failure.wanted = step.image;
  failure.saw = error;
  failure.state = "nothing was changed";
  failure.next = "check the version and images: in the inventory, and that the host reaches the registry";
  report_.failures.push_back(std::move(failure));
  end_with(Exit::preflight);
}

Task<void> Run::begin(Begun& begun) {
  begun.since = clock_.now();
  touched_.insert(begun.step);
  listener_.step_started(*begun.step);
  try {
    co_await act(begun);
    changed_ = true;
  } catch (const Error& e) {
    begun.error = e.what();
  }
}

Task<void> Run::act(Begun& begun) {
  const Step& step = *begun.step;
  if (step.action == Action::remove) {
    co_await remove(step, begun.instance);
    co_return;
  }
  if (step.action == Action::prepare) {
    co_await prepare(step);
    co_return;
  }
  if (step.action == Action::put_back) {
    begun.seen = co_await put_back(step);
    co_return;
  }
  if (step.action == Action::release) {
    begun.undo = co_await ledger(step.host).way_back(*begun.instance, step);
    co_return;
  }
  if (!begun.instance) throw Error("the plan has no " + step.component + " on " + step.host);
  const Instance& instance = *begun.instance;
  if (!instance.has_container()) {
    co_await write_files(begun);
    if (step.action == Action::deploy)
      co_await deploy(begun);
    else if (step.action != Action::write)
      co_await apply_settings(step, instance, step.action == Action::restart);
    co_await ledger(step.host).applied(instance, step);
    co_return;
  }
  Engine& docker = engine(step.host);
  std::string name = instance.container.name;
  switch (step.action) {
    case Action::create:
      co_await write_files(begun);
      co_await start_new(step, instance);
      break;
    case Action::recreate:
      co_await write_files(begun);
      co_await set_aside(instance);
      co_await start_new(step, instance);
      break;
    case Action::start:
      co_await write_files(begun);
      // A run that was killed while it put things back leaves "no".
      co_await docker.set_restart_policy(name, "unless-stopped");
      co_await docker.start(std::move(name));
      break;
    case Action::restart:
      co_await write_files(begun);
      co_await docker.restart(std::move(name), instance.container.stop_timeout);
      break;
    case Action::reload:
      co_await write_files(begun);
      co_await reload(instance);
      break;
    case Action::write:
      co_await write_files(begun);
      break;
    default:
      break;
  }
  co_await ledger(step.host).applied(instance, step);
}

Task<void> Run::write_files(Begun& begun) {
  must_hold();
  Ledger& host = ledger(begun.step->host);
  try {
    if (has_files_to_write(*begun.step) || is_made(begun.step->action))
      begun.undo = co_await host.write(*begun.instance, *begun.step);
    else
      begun.undo = co_await host.way_back(*begun.instance, *begun.step);
  } catch (const Unchanged&) {
    begun.untouched = true;
    throw;
  }
}

Task<void> Run::start_new(const Step& step, const Instance& instance) {
  ContainerSpec spec = instance.container;
  for (const auto& [key, value] : step.extra_env) spec.env.emplace(key, value);
  must_hold();
  std::string name = spec.name;
  std::string id = co_await engine(instance.host).create(std::move(spec), std::move(name));
  must_hold();
  co_await engine(instance.host).start(std::move(id));
}

// The old container waits, stopped, under another name, until the new one has passed its gate. One that is still kept
// from an interrupted change is the one to go back to, unless what followed it runs.
Task<void> Run::set_aside(const Instance& instance) {
  Engine& docker = engine(instance.host);
  const std::string name = instance.container.name, previous = previous_name(name);
  const ContainerInfo kept = co_await docker.inspect(previous);
  const ContainerInfo now = co_await docker.inspect(name);
  if (now.state == "missing") co_return;
  bool keep_now = true;
  if (kept.state != "missing") {
    std::vector<const Instance*> only{&instance};
    const std::vector<InstanceHealth> health = co_await probe_some(hosts_, plan_.desired, std::move(only));
    keep_now = now.state == "running" && health.front().ready;
  }
  must_hold();
  co_await docker.stop(name, instance.container.stop_timeout);
  must_hold();
  if (kept.state != "missing") {
    std::string which = keep_now ? previous : name;
    co_await docker.remove(std::move(which));
  }
  if (!keep_now) co_return;
  must_hold();
  co_await docker.rename(name, previous);
  co_await docker.set_restart_policy(previous, "no");
}

Task<void> Run::reload(const Instance& instance) {
  std::string name = instance.container.name;
  std::vector<std::string> command = instance.reload;
  const CommandResult result = co_await engine(instance.host).exec(std::move(name), std::move(command));
  if (result.exit_status != 0)
    throw Error("the reload ended with " + std::to_string(result.exit_status) + ": " + result.out + result.err);
}

// A service of the host. What it can take in while it runs comes first: live-restore, so that a restart of Docker
// leaves the containers alone.
Task<void> Run::apply_settings(const Step& step, const Instance& instance, bool restart) {
  std::vector<std::vector<std::string>> commands;
  if (!instance.service.reload.empty()) commands.push_back(instance.service.reload);
  if (restart || commands.empty()) commands.push_back(instance.service.restart);
  // A service that is down takes nothing in; the restart that follows starts it.
  for (const auto& words : commands) co_await run_on_host(step.host, words, &words == &commands.back());
}

Task<void> Run::run_on_host(std::string host, std::vector<std::string> words, bool must_work) {
  std::string script = command_of(words), input;
  const CommandResult result = co_await hosts_.at(host).shell().run(std::move(script), std::move(input));
  if (result.exit_status != 0 && must_work)
    throw Error(command_of(words) + " ended with " + std::to_string(result.exit_status) + ": " + result.out +
                result.err);
}

Task<void> Run::remove(const Step& step, const Instance* instance) {
  must_hold();
  if (instance && instance->app.used()) {
    co_await remove_app(step, instance->app);
    co_return;
  }
  if (!step.component.empty()) {
    const int timeout = instance ? instance->container.stop_timeout : kStopTimeout;
    co_await engine(step.host).stop(step.previous_id, timeout);
    // Before its container goes, so that a run that is killed here is made up for by the next.
    if (instance && !instance->cleanup.empty()) co_await run_on_host(step.host, instance->cleanup);
    co_await engine(step.host).remove(step.previous_id);
    co_return;
  }
  std::vector<std::string> data;
  for (const auto& i : plan_.desired.instances)
    for (const auto& dir : i.directories)
      if (i.host == step.host && dir.data) data.push_back(dir.path);
  co_await ledger(step.host).clear(std::move(data), step.destroys);
  for (const auto& i : plan_.desired.instances)
    if (i.host == step.host && i.service.used()) co_await apply_settings(step, i, false);
}

// The step has passed: what was kept for the way back goes.
Task<bool> Run::settle(Begun& begun) {
  std::string error;
  try {
    must_hold();
    if (may_have_previous(*begun.step, begun.instance)) {
      std::string previous = previous_name(begun.instance->container.name);
      co_await engine(begun.step->host).remove(std::move(previous));
    }
    if (begun.undo) co_await ledger(begun.step->host).passed(*begun.instance);
  } catch (const Error& e) {
    error = e.what();
  }
  if (error.empty()) {
    const std::string word = done_word(begun.step->action);
    report(*begun.step, Outcome::done, begun.seen.empty() ? word : word + ", " + begun.seen, begun.since);
    co_return true;
  }
  report(*begun.step, Outcome::failed, error, begun.since);
  Failure failure;
  failure.host = begun.step->host;
  failure.component = begun.step->component;
  failure.what = "runs as wanted, but what was kept for the way back could not be removed";
  failure.saw = error;
  failure.state = "it is in nobody's way";
  failure.next = "clusterctl up again";
  report_.failures.push_back(std::move(failure));
  why_skipped_ = "not begun: " + begun.step->component + " on " + begun.step->host + " failed";
  end_with(Exit::partial);
  co_return false;
}

}  // namespace cctl
