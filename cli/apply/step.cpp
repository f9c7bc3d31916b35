// One step on one host.
#include "apply/observe.hpp"
#include "apply/run.hpp"
#include "model/cut.hpp"
#include "plan/diff_instance.hpp"
#include "plan/guests.hpp"

namespace cctl {
namespace {

constexpr int kStopTimeout = 10;
constexpr int kNamed = 5;  // of many containers
constexpr int kKilled = 128 + 9;

std::string stopped_by_force(int timeout) {
  return "the old one did not end when asked to and was stopped by force after " + std::to_string(timeout) + "s";
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

}  // namespace

Task<void> Run::begin(Begun& begun) {
  begun.since = clock_.now();
  touched_.insert(begun.step);
  listener_.step_started(*begun.step);
  try {
    co_await act(begun);
    changed_ = true;
  } catch (const Refused& e) {
    begun.error = e.what();
    begun.refused = true;
    begun.runs_on = e.while_it_ran();
  } catch (const InTheWay& e) {
    begun.error = e.what();
    begun.barred = true;
  } catch (const Error& e) {
    begun.error = e.what();
  }
}

Task<void> Run::act(Begun& begun) {
  const Step& step = *begun.step;
  if (step.action == Action::remove) {
    co_await remove(begun);
    co_return;
  }
  if (step.action == Action::prepare) {
    co_await prepare(begun);
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
    if (instance.service.used()) co_await ask_service(begun);
    co_await write_files(begun);
    if (step.action == Action::deploy)
      co_await deploy(begun);
    else if (step.action != Action::write)
      co_await apply_settings(begun, instance, step.action == Action::restart);
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
      co_await set_aside(begun);
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
      co_await restart(begun);
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
  for (const auto& [key, value] : step.extra_env) spec.env.insert_or_assign(key, value);
  std::string name = spec.name;
  std::string id = co_await engine(instance.host).create(std::move(spec), std::move(name));
  co_await engine(instance.host).start(std::move(id));
}

// The old container waits, stopped, under another name, until the new one has passed its gate. One that is still kept
// from an interrupted change is the one to go back to, unless what followed it runs.
Task<void> Run::set_aside(Begun& begun) {
  const Instance& instance = *begun.instance;
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
  co_await stop(begun, name, instance.container.stop_timeout);
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
Task<void> Run::restart(Begun& begun) {
  const auto from = clock_.now();
  const int timeout = begun.instance->container.stop_timeout;
  std::string name = begun.instance->container.name;
  co_await engine(begun.step->host).restart(std::move(name), timeout);
  if (clock_.now() - from >= std::chrono::seconds(timeout)) begun.note = stopped_by_force(timeout);
}

Task<void> Run::reload(const Instance& instance) {
  std::string name = instance.container.name;
  std::vector<std::string> command = instance.reload;
  const CommandResult result = co_await engine(instance.host).exec(std::move(name), std::move(command));
  if (result.exit_status != 0)
    throw Error("the reload ended with " + std::to_string(result.exit_status) + ": " +
                cut_text(result.out + result.err));
}

Task<void> Run::run_on_host(std::string host, std::vector<std::string> words) {
  std::string script = command_of(words), input;
  const CommandResult result = co_await hosts_.at(host).shell().work(std::move(script), std::move(input));
  if (result.exit_status != 0)
    throw Error(command_of(words) + " ended with " + std::to_string(result.exit_status) + ": " +
                cut_text(result.out + result.err));
}

// What tasks of before have left goes with the data: nobody else knows of it any more. Asked now, since the tasks of
// apps have ended only in this run.
Task<std::string> Run::remove_guests(std::string host) {
  LookRequest request;
  request.cluster = plan_.cluster;
  Looked looked = co_await hosts_.at(host).observe(std::move(request));
  ObservedHost& now = looked.host;
  now.name = host;
  std::string names;
  int count = 0;
  for (const auto* c : ended_guests(plan_.desired, now)) {
    co_await engine(host).remove(c->id);
    if (++count <= kNamed) names += (names.empty() ? "" : ", ") + c->name;
  }
  if (count > kNamed) names += " and " + std::to_string(count - kNamed) + " more";
  co_return names.empty() ? "" : "with them what ended tasks left: " + names;
}

Task<void> Run::remove(Begun& begun) {
  const Step& step = *begun.step;
  const Instance* instance = begun.instance;
  if (instance && instance->app.used()) {
    co_await remove_app(step, instance->app);
    co_return;
  }
  if (!step.component.empty()) {
    const int timeout = instance ? instance->container.stop_timeout : kStopTimeout;
    co_await stop(begun, step.previous_id, timeout);
    // Before its container goes, so that a run that is killed here is made up for by the next.
    if (instance && !instance->cleanup.empty()) co_await run_on_host(step.host, instance->cleanup);
    co_await engine(step.host).remove(step.previous_id);
    co_return;
  }
  if (step.destroys) begun.note = co_await remove_guests(step.host);
  std::vector<std::string> data;
  for (const auto& i : plan_.desired.instances)
    for (const auto& dir : i.directories)
      if (i.host == step.host && dir.data) data.push_back(dir.path);
  co_await ledger(step.host).clear(std::move(data), step.destroys);
  co_await tell_services(begun);
}

}  // namespace cctl
