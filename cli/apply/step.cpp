// One step on one host.
#include <variant>

#include "apply/run.hpp"
#include "model/cut.hpp"
#include "model/secrets.hpp"
#include "plan/guests.hpp"

namespace cctl {
namespace {

constexpr int kNamed = 5;  // of many containers

bool has_files_to_write(const Step& step) {
  for (const auto& file : step.files)
    if (file.write) return true;
  return false;
}

// Its directories are made, whether it has files or not.
bool is_made(Action action) {
  return about(action).makes || action == Action::write;
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
  } catch (const Unreachable& e) {
    begun.error = e.what();
    begun.away = true;
  } catch (const Error& e) {
    begun.error = e.what();
  }
  begun.until = clock_.now();
  // An engine that refuses a container says what it was told.
  begun.error = without_secrets(begun.error);
}

Task<void> Run::act(Begun& begun) {
  const Step& step = *begun.step;
  if (const auto* preparation = step.preparation()) co_return co_await act(begun, *preparation);
  if (const auto* remains = step.remains()) co_return co_await act(begun, *remains);
  if (step.action == Action::remove) co_return co_await remove(begun);
  if (!begun.instance) throw Error("the plan has no " + step.component + " on " + step.host);
  co_await std::visit([&](const auto& kind) { return act(begun, kind); }, begun.instance->resource);
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

Task<void> Run::run_on_host(std::string host, std::vector<std::string> words) {
  std::string script = command_of(words), input;
  const CommandResult result = co_await hosts_.at(host).shell().work(std::move(script), std::move(input));
  if (result.exit_status != 0)
    throw Error(command_of(words) + end_in_words(result) + ": " + cut_text(result.out + result.err));
}

// What tasks of before have left goes with the data: nobody else knows of it any more. Asked now, since the tasks of
// apps have ended only in this run.
Task<std::string> Run::remove_guests(std::string host) {
  LookRequest request;
  request.cluster = leg_.desired.cluster;
  Looked looked = co_await hosts_.at(host).observe(std::move(request));
  ObservedHost& now = looked.host;
  now.name = host;
  std::string names;
  int count = 0;
  for (const auto* c : ended_guests(leg_.desired, now)) {
    co_await engine(host).remove(c->id);
    if (++count <= kNamed) names += (names.empty() ? "" : ", ") + c->name;
  }
  if (count > kNamed) names += " and " + std::to_string(count - kNamed) + " more";
  co_return names.empty() ? "" : "with them what ended tasks left: " + names;
}

// What is no longer in the inventory has no instance, and is a container.
Task<void> Run::remove(Begun& begun) {
  const Step& step = *begun.step;
  const auto* app = begun.instance ? begun.instance->app() : nullptr;
  if (app) co_return co_await remove_app(step, *app);
  co_await remove_container(begun);
}

Task<void> Run::act(Begun& begun, const Remains& remains) {
  const Step& step = *begun.step;
  if (remains.data) begun.note = co_await remove_guests(step.host);
  std::vector<std::string> data;
  for (const auto& i : leg_.desired.instances)
    for (const auto& dir : i.directories)
      if (i.host == step.host && dir.data) data.push_back(dir.path);
  co_await ledger(step.host).clear(std::move(data), remains.data);
  co_await tell_services(begun);
}

}  // namespace cctl
