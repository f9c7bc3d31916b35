// One line per event, for logs and pipes: nothing moves.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/progress.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr auto repeat_after = std::chrono::seconds(10);
constexpr long long pull_part = 50;  // a line each so many percent

std::string subject_of(const Step& step) {
  const std::string& what = step.image.empty() ? step.component : step.image;
  return what.empty() ? step.host : step.host + "  " + what;
}

class Plain : public Progress {
 public:
  Plain(const Look& look, Sink sink) : look_(look), sink_(std::move(sink)) {}

  void note(const std::string& sentence) override { sink_(printable(sentence) + "\n"); }
  void wave_started(const Wave& wave) override { sink_(look_.paint(Color::bold, wave.title) + "\n"); }

  void step_started(const Step& step) override {
    sink_(fmt::format("  ..  {}  {}{}\n", subject_of(step), to_text(step.action),
                      step.reason.empty() ? "" : ": " + printable(step.reason)));
  }

  void pulling(const Step& step, long long done, long long total) override {
    const long long part = total > 0 ? done * 100 / total / pull_part : 0;
    long long& told = pulls_[step.host + step.image];
    if (part <= told || done == total) return;  // the end is told by step_ended
    told = part;
    sink_(fmt::format("  ..  {}  {}\n", subject_of(step), pull_words(done, total)));
  }

  void waiting(const Awaited& a) override {
    if (a.host.empty() && member_waits(a.component)) return;  // its members' own lines say more
    Last& last = waits_[a.host + " " + a.component];
    if (last.seen == a.seen && last.wanted == a.wanted && a.elapsed < last.elapsed + repeat_after) return;
    last = {a.wanted, a.seen, a.elapsed};
    sink_(fmt::format("  ..  {}{}  waiting: {}   {} of {}   last seen: {}\n", a.host.empty() ? "" : a.host + "  ",
                      a.component, printable(a.wanted), duration(a.elapsed), duration(a.timeout),
                      a.seen.empty() ? "nothing" : printable(a.seen)));
  }

  void step_ended(const Step& step, const StepReport& report) override {
    waits_.erase(step.host + " " + step.component);
    if (report.outcome == Outcome::skipped) return;  // the recap tells
    const bool done = report.outcome == Outcome::done;
    sink_(fmt::format("  {}  {}  {}   {}\n", look_.paint(done ? Color::green : Color::red, done ? "ok" : "!!"),
                      subject_of(step), printable(report.text.empty() ? report.action : report.text),
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

  struct Last {
    std::string wanted, seen;
    std::chrono::milliseconds elapsed{0};
  };
  Look look_;
  Sink sink_;
  std::map<std::string, long long> pulls_;
  std::map<std::string, Last> waits_;
};

}  // namespace

std::unique_ptr<Progress> make_plain_progress(const Look& look, Sink sink) {
  return std::make_unique<Plain>(look, std::move(sink));
}

}  // namespace cctl
