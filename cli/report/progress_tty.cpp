// What is finished scrolls up and stays; the steps under way are drawn below it, again and again.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/progress.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(80);
constexpr int least_wanted = 16;        // characters
constexpr std::size_t most_lines = 12;  // of steps under way; the rest is a number

class Moving : public Progress {
 public:
  Moving(const Look& look, Sink sink) : look_(look), sink_(std::move(sink)) {}

  void note(const std::string& sentence) override { stay(printable(sentence) + "\n"); }

  void wave_started(const Wave& wave) override {
    host_width_ = 0;
    for (const Step& step : wave.steps) host_width_ = std::max(host_width_, width(step.host));
    stay("  " + look_.paint(Color::bold, wave.title) + "\n");
  }

  void step_started(const Step& step) override {
    running_.push_back({step.host, subject_of(step), to_text(step.action)});
    draw(true);
  }

  void pulling(const Step& step, long long done, long long total) override {
    if (Line* line = find(step.host, subject_of(step))) line->text = step.image + "  " + pull_words(done, total);
    draw(false);
  }

  void waiting(const Awaited& a) override {
    Line* line = find(a.host, a.component);
    if (a.host.empty() && member_waits(a.component)) return;  // its members' own lines say more
    const std::string rest = fmt::format("   {} of {}   last seen: {}", duration(a.elapsed), duration(a.timeout),
                                         a.seen.empty() ? "nothing" : printable(a.seen));
    // On a narrow terminal what is wanted gives way: time and sight are what changes.
    const int room = std::max(least_wanted, look_.columns - width(rest) - host_width_ - 22);
    const std::string text = "waiting: " + shortened(printable(a.wanted), room) + rest;
    if (line) {
      line->text = text;
      line->waits = true;
    } else {
      std::erase_if(gates_, [&](const Line& l) { return l.host == a.host && l.subject == a.component; });
      gates_.push_back({a.host, a.component, a.component + " " + text});
    }
    draw(false);
  }

  void step_ended(const Step& step, const StepReport& report) override {
    const std::string subject = subject_of(step);
    for (std::vector<Line>* lines : {&running_, &gates_}) {
      std::erase_if(*lines, [&](const Line& l) { return l.host == step.host && l.subject == subject; });
    }
    if (report.outcome == Outcome::skipped) return;  // the recap tells
    const bool done = report.outcome == Outcome::done;
    const std::string mark = look_.paint(done ? Color::green : Color::red, done ? "ok" : "!!");
    std::string text = report.text.empty() ? report.action : report.text;
    if (!step.image.empty()) text = step.image + "  " + text;
    stay(fmt::format("    {}  {}   {}   {}\n", mark, padded(step.host, host_width_), printable(text),
                     duration(report.took)));
  }

  void wave_ended(const Wave&) override {
    running_.clear();
    gates_.clear();
    draw(true);
  }

  void clear() override {
    if (drawn_ > 0) sink_(fmt::format("\x1b[{}A\x1b[J", drawn_));
    drawn_ = 0;
  }

 private:
  struct Line {
    std::string host, subject, text;
    bool waits = false;
  };

  static std::string subject_of(const Step& step) { return step.image.empty() ? step.component : step.image; }

  Line* find(const std::string& host, const std::string& subject) {
    const auto at = std::find_if(running_.begin(), running_.end(),
                                 [&](const Line& l) { return l.host == host && l.subject == subject; });
    return at == running_.end() ? nullptr : &*at;
  }

  bool member_waits(const std::string& component) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&](const Line& l) { return l.waits && l.subject == component; });
  }

  void stay(const std::string& text) {
    clear();
    sink_(text);
    draw(true);
  }

  void draw(bool now) {
    const auto time = std::chrono::steady_clock::now();
    if (!now && time - last_draw_ < redraw_every) return;
    last_draw_ = time;
    std::vector<Line> lines = running_;
    lines.insert(lines.end(), gates_.begin(), gates_.end());
    std::string text;
    const std::size_t shown = std::min(lines.size(), most_lines);
    for (std::size_t i = 0; i < shown; ++i) {
      text += shortened(fmt::format("    ..  {}   {}", padded(lines[i].host, host_width_), lines[i].text),
                        look_.columns - 1) +
              "\n";
    }
    if (shown < lines.size()) text += fmt::format("    ..  and {} more\n", lines.size() - shown);
    clear();
    if (!text.empty()) sink_(text);
    drawn_ = shown + (shown < lines.size() ? 1 : 0);
  }

  Look look_;
  Sink sink_;
  int host_width_ = 0;
  std::vector<Line> running_, gates_;
  std::size_t drawn_ = 0;
  std::chrono::steady_clock::time_point last_draw_{};
};

}  // namespace

std::unique_ptr<Progress> make_tty_progress(const Look& look, Sink sink) {
  return std::make_unique<Moving>(look, std::move(sink));
}

}  // namespace cctl
