#include "commands/images_progress.hpp"

#include <algorithm>

#include "report/words.hpp"

namespace cctl {

CopyWatcher::CopyWatcher(Progress& progress, std::string to, const std::vector<CopyJob>& jobs) : progress_(progress) {
  wave_.title = "images";
  for (const CopyJob& job : jobs) {
    Step step;
    step.host = to;
    step.action = Action::write;
    step.subject = Pull{job.target.bare()};
    step.reason = "from " + job.source.text();
    wave_.steps.push_back(std::move(step));
  }
  progress_.wave_started(wave_);
}

CopyWatcher::~CopyWatcher() {
  progress_.wave_ended(wave_);
  progress_.clear();
}

const Step& CopyWatcher::step_of(const CopyJob& job) const {
  const std::string image = job.target.bare();
  return *std::find_if(wave_.steps.begin(), wave_.steps.end(), [&](const Step& s) { return s.image() == image; });
}

void CopyWatcher::started(const CopyJob& job) {
  since_[job.target.bare()] = std::chrono::steady_clock::now();
  progress_.step_started(step_of(job));
}

void CopyWatcher::moving(const CopyJob& job, long long done, long long total) {
  progress_.pulling(step_of(job), done, total);
}

void CopyWatcher::ended(const CopyResult& result) {
  const Step& step = step_of(result.job);
  StepReport report;
  report.host = step.host;
  report.action = to_text(step.action);
  if (const auto began = since_.find(step.image()); began != since_.end())
    report.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began->second);
  report.outcome = result.state == CopyState::failed ? Outcome::failed : Outcome::done;
  report.text = result.state == CopyState::copied    ? "copied " + bytes(result.copied)
                : result.state == CopyState::present ? "is there already"
                                                     : result.error;
  progress_.step_ended(step, report);
}

}  // namespace cctl
