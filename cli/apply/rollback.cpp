// The way back: files first, then the old container.
#include <variant>

#include "apply/guarded.hpp"
#include "apply/last_words.hpp"
#include "apply/run.hpp"
#include "model/secrets.hpp"

namespace cctl {
namespace {

const std::string kReadyBut = "is ready, but ";
// How long a component as a whole is waited for once its old member is back: a fail-over.
constexpr std::chrono::milliseconds kWholeAgain{30000};

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

std::string what_is_back(const Begun& begun) {
  return begun.withdrawn    ? "what stood there before any file of ours is back, as it refuses what was ours"
         : begun.files_only ? "the old files are back"
                            : "the old container runs again";
}

}  // namespace

Task<void> Run::fail(Begun& begun, const GateResult& gate, std::chrono::milliseconds timeout) {
  const Step& step = *begun.step;
  Failure failure;
  failure.host = step.host;
  failure.component = step.component;
  if (begun.error.empty()) {
    tell_gate(begun, gate, failure);
  } else {
    failure.what = "failed to " + infinitive(step);
    failure.saw = begun.error;
  }
  bool back = false;
  std::string trouble;
  // What could not be asked is not broken: nothing is put back because of it.
  const bool unsure = begun.error.empty() && (gate.unsure || gate.unknown.count(begun.instance) > 0);
  const bool itself = gate.unknown.count(begun.instance) > 0;
  if (unsure)
    failure.what = itself ? "could not be asked for " + seconds(timeout) + " how it is"
                          : kReadyBut + step.component + " as a whole could not be asked for " + seconds(timeout);
  const bool may_ask = !begun.untouched && !begun.away;
  if (may_ask && !lease_lost() && (itself || !unsure)) failure.log = co_await last_lines(begun);
  try {
    if (may_ask && !unsure) back = co_await roll_back(begun);
  } catch (const Error& e) {
    trouble = without_secrets(e.what());
  }
  if (back && !begun.still.empty()) {
    failure.state =
        what_is_back(begun) +
        (begun.runs_on ? ", and it does not take that in either: " : ", and it does not run with that either: ") +
        begun.still;
    failure.next =
        begun.runs_on ? "repair the cause, then clusterctl up again" : "start it on the host, then clusterctl up again";
    end_with(Exit::partial);
  } else if (back) {
    failure.state = co_await how_it_is_again(begun, timeout);
    failure.next = "repair the cause, then clusterctl up again";
    end_with(Exit::rolled_back);
  } else if (!trouble.empty()) {
    failure.state = "it could not be put back: " + trouble;
    failure.next = "clusterctl up again repairs what was left";
    end_with(Exit::partial);
  } else if (begun.away) {
    tell_away(begun, failure);
  } else if (unsure) {
    failure.state = "left as it is, with what it replaced kept beside it";
    failure.next = "make its probes possible, then clusterctl up again, which proves it or goes back";
    end_with(Exit::partial);
  } else {
    const bool untouched = begun.untouched && !begun.error.empty();
    if (untouched) failure.log.clear();
    Left left{untouched ? "nothing was changed on " + step.host : "left as it is",
              std::string("repair the cause, then clusterctl ") + (leg_.down ? "down" : "up") + " again goes on"};
    if (begun.instance && !untouched)
      std::visit([&](const auto& kind) { tell_left(begun, kind, left); }, begun.instance->resource);
    failure.state = left.state;
    failure.next = left.next;
    end_with(begun.error.empty() ? Exit::timed_out : changed_ ? Exit::partial : Exit::failed);
  }
  if (!begun.note.empty()) failure.state += "; " + begun.note;
  const std::string& cause = failure.what.starts_with(kReadyBut) ? failure.wanted : failure.saw;
  const std::string text = failure.what + (cause.empty() ? "" : ": " + cause);
  report(step, back ? Outcome::rolled_back : Outcome::failed, text, begun.since);
  report_.failures.push_back(std::move(failure));
  why_skipped_ = "not begun: " + (step.component.empty() ? "a step" : step.component) + " on " + step.host + " failed";
}

// Nobody knows how far it came, and nobody can take it back.
void Run::tell_away(const Begun& begun, Failure& failure) {
  failure.state = "what is under way there may still be done";
  failure.next = "bring " + begun.step->host + " back, look with clusterctl status, then clusterctl " +
                 (leg_.down ? "down" : "up") + " again goes on";
  end_with(Exit::partial);
}

void Run::tell_gate(const Begun& begun, const GateResult& gate, Failure& failure) const {
  const std::string in = " in " + seconds(gate.elapsed);
  failure.what = "did not become healthy" + in;
  const Waiting* w = unmet_of(gate, *begun.step);
  if (const auto why = gate.hopeless.find(begun.instance); why != gate.hopeless.end())
    failure.what = "does not run: " + why->second;
  else if (gate.crashing.count(begun.instance) > 0)
    failure.what = "does not stay up";
  else if (w && w->host.empty())
    failure.what = kReadyBut + w->component + " as a whole was not healthy" + in;
  if (w)
    failure.wanted = w->wanted, failure.saw = w->seen + gate.elsewhere;
  else if (!gate.elsewhere.empty())
    failure.wanted = "the members that served before", failure.saw = gate.elsewhere.substr(2);
}

// True when something was put back; false when there is nothing older.
Task<bool> Run::roll_back(Begun& begun) {
  if (!about(begun.step->action).way_back) co_return false;
  const bool back =
      co_await std::visit([&](const auto& kind) { return go_back(begun, kind); }, begun.instance->resource);
  if (back) runs_.back(*begun.instance);
  co_return back;
}

Task<void> Run::undo(Begun& begun) {
  if (!begun.undo) co_return;
  Undo was = std::move(*begun.undo);
  begun.undo.reset();
  co_await ledger(begun.step->host).undo(std::move(was));
}

// Waits for the old container, asked where it serves.
Task<std::string> Run::how_it_is_again(const Begun& begun, std::chrono::milliseconds timeout) {
  if (begun.instance->app()) co_return how_app_is_again(begun);
  GateAsk ask;
  ask.members.push_back(begun.instance);
  ask.begun[begun.instance] = !begun.files_only || about(begun.step->action).anew;
  ask.timeout = timeout;
  const GateResult result = co_await gate(std::move(ask));
  const bool files_only = begun.files_only;
  const std::string what = what_is_back(begun);
  if (result.gate == Gate::lost) co_return what + ", but the lease was lost before it was seen to be ready";
  if (result.gate != Gate::open)
    co_return what + ", but it is not ready: " + (result.unmet.empty() ? "" : result.unmet.front().seen);
  const std::string whole = co_await how_the_whole_is(*begun.instance);
  co_return what + (files_only ? ", and it is ready" : " and is ready") + whole + "; the roll stopped here";
}

// A member that answers is not yet one of its component: a slave that the master has yet to list.
Task<std::string> Run::how_the_whole_is(const Instance& instance) {
  const ComponentPlan* component = leg_.desired.component(instance.component);
  if (!component || component->health.empty()) co_return "";
  GateAsk ask;
  ask.components.push_back(instance.component);
  ask.timeout = kWholeAgain;
  ask.may_stop = true;
  const GateResult result = co_await gate(std::move(ask));
  if (result.gate == Gate::open) co_return "";
  co_return ", but " + instance.component + " as a whole is not healthy: " + result.unmet.front().wanted;
}

Task<std::vector<std::string>> Run::last_lines(const Begun& begun) {
  std::vector<std::string> lines;
  if (!begun.instance) co_return lines;
  const Instance& instance = *begun.instance;
  try {
    lines = co_await std::visit([&](const auto& kind) { return log_of(instance, kind); }, instance.resource);
  } catch (const Error&) {
    // Without a log the rest of the message must do.
  }
  co_return last_words(lines);
}

}  // namespace cctl
