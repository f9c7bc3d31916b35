#include "commands/watcher.hpp"

#include <fmt/format.h>

#include "apply/log.hpp"

namespace cctl {

void Watcher::leg_begins(const Plan& shown, std::size_t leg) {
  log_line("", shown.name_of(leg));
  progress_.leg_started(shown, leg);
}

void Watcher::wave_started(const Wave& wave) {
  log_line("", fmt::format("wave {}: {}, {} steps", wave.number, wave.title, wave.steps.size()));
  progress_.wave_started(wave);
}

void Watcher::step_started(const Step& step) {
  const std::string& what = step.action == Action::pull ? step.image() : step.component;
  log_line(step.host, fmt::format("{} of {}: {}", to_text(step.action), what, step.reason));
  running_[&step] = fmt::format("{} of {} on {}", to_text(step.action), what, step.host);
  progress_.step_started(step);
}

void Watcher::pulling(const Step& step, PullProgress pulled) {
  progress_.pulling(step, pulled.done, pulled.total);
}

void Watcher::waiting(const Waiting& w) {
  log_line(w.host,
           fmt::format("gate of {} after {} ms: wants {}; saw {}", w.component, w.elapsed.count(), w.wanted, w.seen));
  progress_.waiting({w.host, w.component, w.wanted, w.seen, w.elapsed, w.timeout});
}

void Watcher::step_ended(const Step& step, const StepReport& report) {
  running_.erase(&step);
  log_line(step.host, fmt::format("{} of {} {}: {}, took {} ms", report.action, report.component,
                                  to_text(report.outcome), report.text, report.took.count()));
  progress_.step_ended(step, report);
}

void Watcher::wave_ended(const Wave& wave) {
  progress_.wave_ended(wave);
}

std::string Watcher::under_way() const {
  std::string out;
  for (const auto& [step, text] : running_) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::set<std::string> Watcher::at_work() const {
  std::set<std::string> out;
  for (const auto& [step, text] : running_) out.insert(step->host);
  return out;
}

}  // namespace cctl
