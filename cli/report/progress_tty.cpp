// What is finished scrolls up and stays; the steps under way are drawn below it, again and again.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/visible.hpp"
#include "report/progress.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(80);
constexpr int least_seen = 12;          // characters; with less there is no use in showing it
constexpr std::size_t most_lines = 12;  // of steps under way; the rest is a number

class Moving : public Progress {
 public:
  Moving(const Look& look, Sink sink, Times times) : look_(look), sink_(std::move(sink)), times_(std::move(times)) {}

  void note(const std::string& sentence) override { stay(sentence); }

  void leg_started(const Plan& plan, std::size_t leg) override { stay(look_.paint(Color::bold, plan.name_of(leg))); }

  void wave_started(const Wave& wave) override {
    host_width_ = 0;
    for (const Step& step : wave.steps) host_width_ = std::max(host_width_, width(step.host));
    stay("  " + look_.paint(Color::bold, wave.title));
  }

  void step_started(const Step& step) override {
    Line line;
    line.host = step.host;
    line.subject = subject_of(step);
    line.text = to_text(step.action);
    line.since = times_.now();
    running_.push_back(std::move(line));
    draw(true);
  }

  void pulling(const Step& step, long long done, long long total) override {
    if (Line* line = find(step.host, subject_of(step))) line->text = step.image() + "  " + pull_words(done, total);
    draw(false);
  }

  void waiting(const Awaited& a) override {
    Line* line = find(a.host, a.component);
    if (a.host.empty() && member_waits(a.component)) return;  // its members' own lines say more
    Line wait;
    wait.host = a.host;
    wait.subject = a.component;
    wait.wanted = visible(a.wanted);  // before their widths are counted
    wait.seen = a.seen.empty() ? "nothing" : visible(a.seen);
    wait.timeout = a.timeout;
    wait.since = times_.now() - a.elapsed;
    wait.waits = true;
    if (line) {
      *line = std::move(wait);
    } else {
      std::erase_if(gates_, [&](const Line& l) { return l.host == a.host && l.subject == a.component; });
      wait.text = a.component + " ";
      gates_.push_back(std::move(wait));
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
    std::string text = report.text.empty() ? report.action : visible(report.text);
    if (!step.image().empty()) text = step.image() + "  " + text;
    stay(fmt::format("    {}  {}   {}   {}", mark, padded(step.host, host_width_), text, duration(report.took)));
  }

  void wave_ended(const Wave&) override {
    running_.clear();
    gates_.clear();
    draw(true);
  }

  // The clocks of what runs and waits move on by themselves.
  void tick() override {
    if (!running_.empty() || !gates_.empty()) draw(true);
  }

  void clear() override {
    if (drawn_ > 0) sink_(own_sequence(fmt::format("[{}A", drawn_)) + own_sequence("[J"));
    drawn_ = 0;
  }

 private:
  struct Line {
    std::string host, subject, text;
    std::string wanted, seen;  // while it waits
    bool waits = false;
    std::chrono::steady_clock::time_point since;
    std::chrono::milliseconds timeout{0};
  };

  std::chrono::milliseconds elapsed(const Line& line) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(times_.now() - line.since);
  }

  // On a narrow terminal the middles of what is wanted and seen give way: host, component and clock stay.
  std::string shown(const Line& line) const {
    const std::string start = fmt::format("    ..  {}   {}", padded(line.host, host_width_), line.text);
    const int columns = look_.columns - 1;
    if (!line.waits) {
      const bool long_ago = elapsed(line) >= std::chrono::seconds(1);
      const std::string clock = long_ago ? "   " + duration(elapsed(line)) : "";
      return abridged(start, std::max(0, columns - width(clock))) + clock;
    }
    const std::string clock =
        fmt::format("   {} of {}", duration(std::min(elapsed(line), line.timeout)), duration(line.timeout));
    const std::string waiting = start + "waiting: ", last = "   last seen: ";
    const int room = columns - width(waiting) - width(clock);
    const int both = room - width(last);
    const int for_wanted = std::min(width(line.wanted), std::max(both * 3 / 5, both - width(line.seen)));
    if (both - for_wanted < std::min(least_seen, width(line.seen)))
      return shortened(waiting + abridged(line.wanted, std::max(8, room)) + clock, columns);
    return waiting + abridged(line.wanted, for_wanted) + clock + last + abridged(line.seen, both - for_wanted);
  }

  static std::string subject_of(const Step& step) { return step.image().empty() ? step.component : step.image(); }

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
    sink_(one_line(text));
    draw(true);
  }

  void draw(bool now) {
    const auto time = times_.now();
    if (!now && time - last_draw_ < redraw_every) return;
    last_draw_ = time;
    std::vector<Line> lines = running_;
    lines.insert(lines.end(), gates_.begin(), gates_.end());
    std::string text;
    const std::size_t drawn = std::min(lines.size(), most_lines);
    for (std::size_t i = 0; i < drawn; ++i) {
      text += one_line(shown(lines[i]));
    }
    if (drawn < lines.size()) text += fmt::format("    ..  and {} more\n", lines.size() - drawn);
    clear();
    if (!text.empty()) sink_(text);
    drawn_ = drawn + (drawn < lines.size() ? 1 : 0);
  }

  Look look_;
  Sink sink_;
  Times times_;
  int host_width_ = 0;
  std::vector<Line> running_, gates_;
  std::size_t drawn_ = 0;
  std::chrono::steady_clock::time_point last_draw_{};
};

}  // namespace

std::unique_ptr<Progress> make_tty_progress(const Look& look, Sink sink, Times times) {
  return std::make_unique<Moving>(look, std::move(sink), std::move(times));
}

}  // namespace cctl
