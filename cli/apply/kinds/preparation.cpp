// Preparing a host: commands, with their undoing kept on the host before the first of them runs.
#include "apply/run.hpp"
#include "apply/scripts.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "model/prepared_json.hpp"
#include "prepare/undo.hpp"

namespace cctl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kEngineStart{60000};
constexpr milliseconds kPause{250};

std::string last_words(const CommandResult& result) {
  const std::string& text = result.err.empty() ? result.out : result.err;
  return text.size() > 600 ? "..." + text.substr(text.size() - 600) : text;
}

Task<std::vector<Prepared>> read_prepared(Connection& shell, std::string path) {
  std::string script = survey_script(), input = survey_input({path}, {});
  const CommandResult result = co_await shell.run(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Error("cannot read " + path + ": " + last_words(result));
  const Survey survey = survey_from(result.out, 1, 0);
  co_return prepared_from_json(survey.files.front().bytes).done;
}

Task<void> write_prepared(Connection& shell, std::string path, std::vector<Prepared> done) {
  DirectorySpec directory;
  directory.path = above(path).front();
  directory.mode = "0700";
  FileSpec file;
  file.path = path;
  file.content = to_json(done);
  file.mode = "0600";
  std::vector<DirectorySpec> directories{std::move(directory)};
  std::vector<FileSpec> files{std::move(file)};
  std::set<std::string> lent;  // what is ours alone is mounted nowhere
  co_await shell.put(std::move(directories), std::move(files), std::move(lent));
}

}  // namespace

Task<void> Run::act(Begun& begun, const Preparation& preparation) {
  const Step& step = *begun.step;
  if (step.action == Action::put_back) {
    begun.seen = co_await put_back(step, preparation);
    co_return;
  }
  if (step.engine) co_await clear_engine_way(begun);
  Connection& shell = hosts_.at(step.host).shell();
  const std::string path = prepared_path(leg_.desired.cluster);
  if (!preparation.undo.empty()) {
    std::vector<Prepared> done = co_await read_prepared(shell, path);
    done.push_back({step.component, step.reason, preparation.undo});
    co_await write_prepared(shell, path, std::move(done));
  }
  for (const auto& words : preparation.commands) {
    std::string script = command_of(words), input;
    const CommandResult result = co_await shell.work(std::move(script), std::move(input));
    if (result.exit_status != 0) throw Error(command_of(words) + end_in_words(result) + ": " + last_words(result));
  }
  if (step.engine) co_await await_engine(step.host);
}

// What is gone already cannot be undone and need not be: a command that fails is told, not fatal. What was not run,
// since no rule makes it, stays.
Task<std::string> Run::put_back(const Step& step, const Preparation& preparation) {
  Connection& shell = hosts_.at(step.host).shell();
  std::string complaints;
  for (const auto& words : preparation.commands) {
    std::string script = command_of(words), input;
    const CommandResult result = co_await shell.work(std::move(script), std::move(input));
    if (result.exit_status == 0) continue;
    complaints += (complaints.empty() ? "but " : "; ") + command_of(words) + " said: " + last_words(result);
  }
  const std::string path = prepared_path(leg_.desired.cluster);
  std::vector<Prepared> left = co_await read_prepared(shell, path);
  std::erase_if(left, [&](const Prepared& done) { return !not_of_a_rule(done, leg_.desired.cluster); });
  if (!left.empty()) {
    co_await write_prepared(shell, path, std::move(left));
    co_return complaints;
  }
  std::vector<std::string> files{path}, directories = above(path);
  directories.resize(2);  // the cluster's and ours, if nothing else is in them
  std::string script = clear_script(), input = clear_input(files, {}, directories);
  co_await shell.run(std::move(script), std::move(input));
  co_return complaints;
}

Task<void> Run::await_engine(const std::string& host) {
  const auto from = clock_.now();
  for (;;) {
    std::string error;
    try {
      co_await engine(host).inspect("cctl-none");
      co_return;
    } catch (const Error& e) {
      error = e.what();
    }
    if (clock_.now() - from >= kEngineStart)
      throw Error("no engine answers " + seconds(kEngineStart) + " after that: " + error);
    co_await clock_.sleep(kPause);
  }
}

// Hosts whose engine restarts, and with it what runs there: each waits for the health of all before the next.
Task<bool> Run::prepare_in_turn(const Wave& wave) {
  for (const Step& step : wave.steps) {
    if (!may_begin()) co_return false;
    const std::string lost = co_await majority_lost_with(step.host);
    if (!lost.empty() && !wave.gate.empty()) {
      report_.failures.push_back({step.host,
                                  step.component,
                                  "was not prepared",
                                  "",
                                  lost,
                                  {},
                                  "nothing was stopped",
                                  "repair what is not healthy, then run clusterctl up again"});
      why_skipped_ = lost;
      end_with(Exit::refused);
      co_return false;
    }
    std::vector<Begun> begun{begun_of(step)};
    co_await begin(begun.front());
    GateAsk ask;
    const bool passed = co_await finish(begun, std::move(ask));
    if (!passed) co_return false;
    const bool healthy = co_await last_gate(wave);
    if (!healthy) co_return false;
  }
  co_return true;
}

}  // namespace cctl
