// Services of a host, which a component sets up: asked, told of new files, and what becomes of files that they refuse.
#include <sstream>

#include "apply/run.hpp"
#include "model/cut.hpp"
#include "model/engine_way.hpp"

namespace cctl {
namespace {

// How long a service that was given its old files back may take.
constexpr std::chrono::milliseconds kAgain{30000};
// How long its program may be away while it is restarted.
constexpr std::chrono::milliseconds kDead{3000};

std::string said(const CommandResult& result) {
  std::string text = result.out + result.err;
  const auto last = text.find_last_not_of(" \t\r\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  return cut_text(std::move(text));
}

// What it refused while it ran has not stopped it, nor has what is in the way of a start.
bool needs_restart(const Begun& begun) {
  return begun.step->action == Action::restart && !begun.runs_on && !begun.barred;
}

}  // namespace

Task<void> Run::act(Begun& begun, const ServiceSpec& service) {
  const Step& step = *begun.step;
  co_await ask_service(begun, service);
  co_await write_files(begun);
  if (step.action != Action::write) co_await apply_settings(begun, service, step.action == Action::restart);
  co_await ledger(step.host).applied(*begun.instance, step);
}

// What it would refuse is not written at all, nor anything where it could not be started again.
Task<void> Run::ask_service(Begun& begun, const ServiceSpec& service) {
  begun.untouched = true;
  if (service.is_engine() && begun.step->action == Action::restart) co_await clear_engine_way(begun);
  for (const auto& change : begun.step->files) {
    if (!change.write || service.accepts.empty()) continue;
    std::string script = command_of(service.accepts), input = change.wanted.content;
    const CommandResult result = co_await hosts_.at(begun.step->host).shell().run(std::move(script), std::move(input));
    if (result.exit_status != 0) throw Error(change.wanted.path + " would be refused: " + said(result));
  }
  begun.untouched = false;
}

// What it can take in while it runs comes first: live-restore, so that a restart of Docker leaves the containers alone;
// and what it refuses then, it would not start with. One that is down takes nothing in: the restart starts it.
Task<void> Run::apply_settings(Begun& begun, const ServiceSpec& service, bool restart) {
  const Step& step = *begun.step;
  bool lives = true;
  if (!service.alive.empty()) {
    std::string script = command_of(service.alive), input;
    const CommandResult alive = co_await hosts_.at(step.host).shell().run(std::move(script), std::move(input));
    lives = alive.exit_status == 0;
  }
  if (lives && !service.reload.empty()) co_await run_service(step.host, "reload", service.reload);
  if (!restart && lives && !service.reload.empty()) co_return;
  if (service.is_engine()) co_await clear_engine_way(begun);
  co_await run_service(step.host, "restart", service.restart);
}

// What it would not start with, whatever its settings are: what is safe to remove goes, the rest is named.
Task<void> Run::clear_engine_way(Begun& begun) {
  std::string socket, input;
  if (const Host* host = find_host(leg_.desired.hosts, begun.step->host)) socket = host->ssh.docker_socket();
  std::string script = engine_way_script(true, socket);
  const CommandResult result = co_await hosts_.at(begun.step->host).shell().work(std::move(script), std::move(input));
  const auto way = engine_way_from(result.out);
  if (const auto cleared = cleared_in_words(way); !cleared.empty())
    begun.note += (begun.note.empty() ? "" : "; ") + cleared;
  if (const auto stands = standing_in_words(way); !stands.empty()) throw InTheWay(stands);
}

Task<void> Run::run_service(std::string host, std::string what, std::vector<std::string> words) {
  std::string script = command_of(words), input;
  const CommandResult result = co_await hosts_.at(host).shell().run(std::move(script), std::move(input));
  if (result.exit_status == 0) co_return;
  const std::string why = said(result);
  throw Refused(why.empty() ? "its " + what + " ended with " + std::to_string(result.exit_status) : why,
                what == "reload");
}

// After `down` has put their own files back. What they say to these is theirs to mend.
Task<void> Run::tell_services(Begun& begun) {
  const Step& step = *begun.step;
  for (const auto& i : leg_.desired.instances) {
    const auto* service = i.service();
    if (i.host != step.host || !service) continue;
    std::string error;
    try {
      co_await apply_settings(begun, *service, false);
    } catch (const Refused& e) {
      error = e.what();
    } catch (const InTheWay& e) {
      error = e.what();
    }
    if (!error.empty())
      begun.note +=
          (begun.note.empty() ? "" : "; ") + i.component + " did not take in what stood there before: " + error;
  }
}

// The old files of a service, or, where it refuses those as well or there are none, what stood there before ours. True
// when something was put back, whether it runs with that or not (`still`).
Task<bool> Run::go_back(Begun& begun, const ServiceSpec& service) {
  begun.files_only = true;
  const bool older = begun.undo && !begun.undo->empty(),
             said_no = (begun.refused || begun.step->engine) && !begun.barred;
  if (!older && !said_no) co_return false;
  if (older) {
    co_await undo(begun);
    const RetryResult again = co_await try_again(begun, service);
    begun.still = again.refused;
    if (again.refused.empty() || again.barred || begun.barred) co_return true;
  }
  const bool any = co_await ledger(begun.step->host).withdraw(*begun.instance);
  if (!any) co_return older;
  begun.withdrawn = true;
  const RetryResult again = co_await try_again(begun, service);
  begun.still = again.refused;
  co_return true;
}

// Whether the service runs with the files that are there now.
Task<RetryResult> Run::try_again(Begun& begun, const ServiceSpec& service) {
  try {
    co_await apply_settings(begun, service, needs_restart(begun));
  } catch (const Refused& e) {
    begun.runs_on = e.while_it_ran();
    co_return RetryResult{e.what(), false};
  } catch (const InTheWay& e) {
    begun.runs_on = false;
    co_return RetryResult{e.what(), true};
  }
  GateAsk ask;
  ask.members.push_back(begun.instance);
  ask.begun[begun.instance] = true;
  ask.timeout = kAgain;
  const GateResult result = co_await gate(std::move(ask));
  const bool known = result.gate == Gate::shut && !result.unsure && result.unknown.empty();
  if (!known) co_return RetryResult{};
  begun.runs_on = false;
  const auto lines = co_await last_lines(begun);
  RetryResult again{result.seen.at(begun.instance), false};
  if (!lines.empty()) again.refused += "; its log: " + lines.back();
  co_return again;
}

// The program of a service, while it does not answer: one that is gone for some seconds does not come back by itself.
Task<std::string> Run::why_dead(const std::string& host, const ServiceSpec& service, Watched& watched) {
  std::string script = command_of(service.alive), input;
  int status = 0;
  try {
    const CommandResult result = co_await hosts_.at(host).shell().run(std::move(script), std::move(input));
    status = result.exit_status;
  } catch (const Error&) {
    // It could not be asked, which is no answer.
  }
  if (status == 0) {
    watched.dead_since.reset();
    co_return "";
  }
  if (!watched.dead_since) watched.dead_since = clock_.now();
  co_return clock_.now() - *watched.dead_since >= kDead ? "its program has ended" : "";
}

Task<Doing> Run::doing(const Instance& instance, const ServiceSpec& service, Watched* watched) {
  Doing out = co_await engine_answers(instance.host);
  if (watched && !out.runs && !service.alive.empty())
    out.hopeless = co_await why_dead(instance.host, service, *watched);
  co_return out;
}

Task<std::vector<std::string>> Run::log_of(const Instance& instance, const ServiceSpec& service) {
  std::vector<std::string> lines;
  if (service.log.empty()) co_return lines;
  std::string script = command_of(service.log), input;
  const CommandResult said = co_await hosts_.at(instance.host).shell().run(std::move(script), std::move(input));
  std::istringstream text(said.out);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  co_return lines;
}

}  // namespace cctl
