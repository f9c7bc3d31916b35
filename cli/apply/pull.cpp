// Images, before anything is changed.
#include "apply/guarded.hpp"
#include "apply/parallel.hpp"
#include "apply/run.hpp"
#include "plan/pull_words.hpp"

namespace cctl {
namespace {

// Only what the engine has said of the image is the image's fault, its registry's or its host's.
std::string way_on_after(const Error& error, const std::string& image, const std::string& docker_host) {
  if (dynamic_cast<const Unreachable*>(&error)) return "bring it back";
  if (error.exit_code() == 3) return "clusterctl check tells more of its engine";
  return pull_advice(pull_fault(error.what()), image, docker_host);
}

constexpr std::size_t kPullsAtOnce = 3;  // per host: what a Docker daemon does for one image, too

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
  std::string error, next;
  Exit exit = Exit::preflight;
  try {
    std::string image = step.image();
    std::function<void(PullProgress)> progress = [this, &step](PullProgress p) { listener_.pulling(step, p); };
    co_await engine(step.host).pull(std::move(image), std::move(progress));
  } catch (const LeaseLost&) {
    touched_.erase(&step);
    co_return;  // told once, for all that is not done
  } catch (const Error& e) {
    error = e.what();
    const Host* host = find_host(leg_.desired.hosts, step.host);
    next = way_on_after(e, step.image(), host ? host->ssh.docker_host.value_or("") : "");
    if (e.exit_code() == static_cast<int>(Exit::unreachable)) exit = Exit::unreachable;
  }
  if (error.empty()) {
    report(step, Outcome::done, "pulled", since);
    co_return;
  }
  report(step, Outcome::failed, error, since);
  Failure failure;
  failure.host = step.host;
  failure.component = step.component;
  failure.what = "has no image to run";
  failure.wanted = step.image();
  failure.saw = error;
  failure.state = "nothing was changed";
  failure.next = next + "; then clusterctl up again";
  report_.failures.push_back(std::move(failure));
  end_with(exit);
}

}  // namespace cctl
