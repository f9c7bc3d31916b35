// The way back: files first, then the old container.
#include "apply/run.hpp"
#include "plan/diff_instance.hpp"

namespace cctl {
namespace {

constexpr int kLogLines = 20;

std::string infinitive(const Step& step) {
  return step.action == Action::remove && step.component.empty() ? "remove files" : to_text(step.action);
}

// What the gate saw last of this step: of its member, or else of the component.
const Waiting* unmet_of(const GateResult& gate, const Step& step) {
  for (const auto& w : gate.unmet)
    if (w.component == step.component && w.host == step.host) return &w;
  for (const auto& w : gate.unmet)
    if (w.host.empty()) return &w;
  return nullptr;
}

}  // namespace

Task<void> Run::fail(Begun& begun, const GateResult& gate, std::chrono::milliseconds timeout) {
  const Step& step = *begun.step;
  Failure failure;
  failure.host = step.host;
  failure.component = step.component;
  bool as_a_whole = false;
  if (begun.error.empty()) {
    failure.what = "did not become healthy in " + seconds(timeout);
    if (const Waiting* w = unmet_of(gate, step)) {
      failure.wanted = w->wanted, failure.saw = w->seen + gate.elsewhere;
      as_a_whole = w->host.empty();
      if (as_a_whole)
        failure.what = "is ready, but " + w->component + " as a whole was not healthy in " + seconds(timeout);
    } else if (!gate.elsewhere.empty())
      failure.wanted = "the members that served before", failure.saw = gate.elsewhere.substr(2);
  } else {
    failure.what = "failed to " + infinitive(step);
    failure.saw = begun.error;
  }
  bool back = false;
  std::string trouble;
  // What could not be asked is not broken: nothing is put back because of it.
  const bool unsure = begun.error.empty() && (gate.unsure || gate.unknown.count(begun.instance) > 0);
  if (unsure) failure.what = "could not be asked for " + seconds(timeout) + " how it is";
  if (!begun.untouched) failure.log = co_await last_lines(begun);
  try {
    if (!begun.untouched && !unsure) back = co_await roll_back(begun);
  } catch (const Error& e) {
    trouble = e.what();
  }
  if (back) {
    failure.state = co_await how_it_is_again(begun, timeout);
    failure.next = "repair the cause, then clusterctl up again";
    end_with(Exit::rolled_back);
  } else if (!trouble.empty()) {
    failure.state = "it could not be put back: " + trouble;
    failure.next = "clusterctl up again repairs what was left";
    end_with(Exit::partial);
  } else if (unsure) {
    failure.state = "left as it is, with what it replaced kept beside it";
    failure.next = "make its probes possible, then clusterctl up again, which proves it or goes back";
    end_with(Exit::partial);
  } else if (begun.error.empty()) {
    failure.state = "left as it is; there is nothing older to go back to";
    const bool has_log = begun.instance && begun.instance->has_container();
    failure.next = (has_log ? "clusterctl logs " + step.component + " -l " + step.host : "clusterctl status") +
                   ", then clusterctl up again";
    end_with(Exit::timed_out);
  } else {
    if (begun.untouched) failure.log.clear();
    failure.state = begun.untouched                 ? "nothing was changed on " + step.host
                    : step.action != Action::deploy ? "left as it is"
                    : begun.deployment.empty()      ? "what ran before runs on"
                                                    : "Marathon has the new definition";
    failure.next = std::string("repair the cause, then clusterctl ") + (plan_.down ? "down" : "up") + " again goes on";
    end_with(changed_ ? Exit::partial : Exit::failed);
  }
  const std::string& cause = as_a_whole ? failure.wanted : failure.saw;
  std::string text = failure.what + (cause.empty() ? "" : ": " + cause);
  report(step, back ? Outcome::rolled_back : Outcome::failed, std::move(text), begun.since);
  report_.failures.push_back(std::move(failure));
  why_skipped_ = "not begun: " + (step.component.empty() ? "a step" : step.component) + " on " + step.host + " failed";
}

// True when something was put back; false when there is nothing older.
Task<bool> Run::roll_back(Begun& begun) {
  must_hold();
  if (begun.step->action == Action::deploy) co_return co_await cancel(begun);
  switch (begun.step->action) {
    case Action::create:
    case Action::recreate:
    case Action::start:
    case Action::release:
    case Action::restart:
    case Action::reload:
      break;
    default:
      co_return false;
  }
  if (begun.instance->has_container()) co_return co_await restore_container(begun);
  co_return co_await restore_files(begun);
}

// The old files, and what reads them told so.
Task<bool> Run::restore_files(Begun& begun) {
  if (!begun.undo || begun.undo->empty()) co_return false;
  begun.files_only = true;
  co_await undo(begun);
  std::string name = begun.instance->container.name;
  if (!begun.instance->has_container())
    co_await apply_settings(*begun.step, *begun.instance, begun.step->action == Action::restart);
  else if (begun.step->action == Action::reload)
    co_await reload(*begun.instance);
  else
    co_await engine(begun.step->host).restart(std::move(name), begun.instance->container.stop_timeout);
  co_return true;
}

Task<void> Run::undo(Begun& begun) {
  if (!begun.undo) co_return;
  Undo was = std::move(*begun.undo);
  begun.undo.reset();
  co_await ledger(begun.step->host).undo(std::move(was));
}

Task<bool> Run::restore_container(Begun& begun) {
  Engine& docker = engine(begun.step->host);
  const std::string name = begun.instance->container.name, previous = previous_name(name);
  const ContainerInfo kept = co_await docker.inspect(previous);
  const ContainerInfo now = co_await docker.inspect(name);
  if (kept.state == "missing") {
    // Not set aside yet: what runs, or was just stopped, is still the old one.
    const Action action = begun.step->action;
    if (action == Action::release || action == Action::restart || action == Action::reload)
      co_return co_await restore_files(begun);
    if (action != Action::recreate || now.id != begun.step->previous_id) co_return false;
    begun.untouched = now.state == "running" && (!begun.undo || begun.undo->empty());
    if (begun.untouched) co_return false;
    co_await undo(begun);
    if (now.state != "running") co_await docker.start(name);
    co_return true;
  }
  co_await undo(begun);
  must_hold();
  if (now.state != "missing") {
    co_await docker.stop(name, begun.instance->container.stop_timeout);
    co_await docker.remove(name);
  }
  co_await docker.rename(previous, name);
  co_await docker.set_restart_policy(name, "unless-stopped");
  co_await docker.start(name);
  co_return true;
}

// Waits for the old container with the probes of the wanted one: the only ones that the plan has.
Task<std::string> Run::how_it_is_again(const Begun& begun, std::chrono::milliseconds timeout) {
  if (begun.step->action == Action::deploy)
    co_return begun.deployment.empty() ? "what ran before runs on, and the old files are back"
                                       : "the deployment was cancelled; Marathon goes back to what ran before";
  GateAsk ask;
  ask.members.push_back(begun.instance);
  ask.timeout = timeout;
  const GateResult result = co_await gate(std::move(ask));
  const bool files_only = begun.files_only;
  const std::string what = files_only ? "the old files are back" : "the old container runs again";
  if (result.gate == Gate::open)
    co_return what + (files_only ? ", and it is ready" : " and is ready") + "; the roll stopped here";
  co_return what + ", but it is not ready: " + (result.unmet.empty() ? "" : result.unmet.front().seen);
}

Task<std::vector<std::string>> Run::last_lines(const Begun& begun) {
  std::vector<std::string> lines;
  if (!begun.instance || !begun.instance->has_container()) co_return lines;
  try {
    std::string name = begun.instance->container.name;
    lines = co_await engine(begun.step->host).logs(std::move(name), kLogLines);
  } catch (const Error&) {
    // Without a log the rest of the message must do.
  }
  co_return lines;
}

}  // namespace cctl
