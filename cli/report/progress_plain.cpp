// One line per event, with its time, for logs and pipes: nothing moves.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/visible.hpp"
#include "report/progress.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr auto repeat_after = std::chrono::seconds(30);
constexpr long long pull_part = 50;  // a line each so many percent

std::string subject_of(const Step& step) {
  const std::string& what = step.image().empty() ? step.component : step.image();
  return what.empty() ? step.host : step.host + "  " + what;
}

// What is seen while waiting, without what changes from look to look: how long, how often, and in which way nobody
// answers.
std::string kind_of(const std::string& seen) {
  static const RE2 time(R"(\d+(\.\d+)? ?(ms|s|m|h|seconds|times)\b|\bonce\b)", RE2::Latin1);
  static const RE2 silence(
      R"((?i)connection (refused|reset)( by peer)?|no answer( in #)?|timed out( after #)?|the far end closed the stream|)"
      R"(empty reply[^;]*|(HTTP|status) (404|502|503)[^;]*)",
      RE2::Latin1);
  std::string kind = seen;
  RE2::GlobalReplace(&kind, time, "#");
  RE2::GlobalReplace(&kind, silence, "no answer");
  return kind;
}

class Plain : public Progress {
 public:
  Plain(const Look& look, Sink sink, Times times) : look_(look), sink_(std::move(sink)), times_(std::move(times)) {}

  void note(const std::string& sentence) override { tell(sentence); }
  void leg_started(const Plan& plan, std::size_t leg) override { tell(look_.paint(Color::bold, plan.name_of(leg))); }
  void wave_started(const Wave& wave) override { tell(look_.paint(Color::bold, wave.title)); }

  void step_started(const Step& step) override {
    tell(fmt::format("  ..  {}  {}{}", subject_of(step), to_text(step.action),
                     step.reason.empty() ? "" : ": " + step.reason));
  }

  void pulling(const Step& step, long long done, long long total) override {
    const long long part = total > 0 ? done * 100 / total / pull_part : 0;
    long long& told = pulls_[step.host + step.image()];
    if (part <= told || done == total) return;  // the end is told by step_ended
    told = part;
    tell(fmt::format("  ..  {}  {}", subject_of(step), pull_words(done, total)));
  }

  void waiting(const Awaited& a) override {
    if (a.host.empty() && member_waits(a.component)) return;  // its members' own lines say more
    // What was told once is told again after a while only: two states that take turns are no news.
    Told& told = waits_[a.host + " " + a.component];
    const bool again = a.elapsed < told.at;  // another gate
    const bool is_new = told.kinds.insert(a.wanted + "\n" + kind_of(a.seen)).second;
    if (!is_new && !again && a.elapsed < told.at + repeat_after) return;
    told.at = a.elapsed;
    tell(fmt::format("  ..  {}{}  waiting: {}   {} of {}   last seen: {}", a.host.empty() ? "" : a.host + "  ",
                     a.component, visible(a.wanted), duration(a.elapsed), duration(a.timeout),
                     a.seen.empty() ? "nothing" : a.seen));
  }

  void step_ended(const Step& step, const StepReport& report) override {
    waits_.erase(step.host + " " + step.component);
    if (report.outcome == Outcome::skipped) return;  // the recap tells
    const bool done = report.outcome == Outcome::done;
    tell(fmt::format("  {}  {}  {}   {}", look_.paint(done ? Color::green : Color::red, done ? "ok" : "!!"),
                     subject_of(step), report.text.empty() ? report.action : visible(report.text),
                     duration(report.took)));
  }

  void wave_ended(const Wave&) override {}
  void clear() override {}

 private:
  bool member_waits(const std::string& component) const {
    return std::any_of(waits_.begin(), waits_.end(), [&](const auto& wait) {
      const std::string& key = wait.first;
      return key.front() != ' ' && key.substr(key.find(' ') + 1) == component;
    });
  }

  void tell(const std::string& text) { sink_(one_line(times_.stamp() + " " + text)); }

  struct Told {
    std::set<std::string> kinds;
    std::chrono::milliseconds at{0};
  };
  Look look_;
  Sink sink_;
  Times times_;
  std::map<std::string, long long> pulls_;
  std::map<std::string, Told> waits_;
};

}  // namespace

std::unique_ptr<Progress> make_plain_progress(const Look& look, Sink sink, Times times) {
  return std::make_unique<Plain>(look, std::move(sink), std::move(times));
}

}  // namespace cctl
