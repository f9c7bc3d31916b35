// What a run is doing while it does it, on standard error.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "model/plan.hpp"
#include "model/report.hpp"
#include "report/terminal.hpp"

namespace cctl {

// A gate that does not hold yet.
struct Awaited {
  std::string host, component;  // host empty: the component as a whole
  std::string wanted, seen;
  std::chrono::milliseconds elapsed{0}, timeout{0};
};

class Progress {
 public:
  virtual ~Progress() = default;
  virtual void note(const std::string& sentence) = 0;               // "observing 5 hosts"
  virtual void leg_started(const Plan& plan, std::size_t leg) = 0;  // where there are several
  virtual void wave_started(const Wave& wave) = 0;
  virtual void step_started(const Step& step) = 0;
  virtual void pulling(const Step& step, long long done, long long total) = 0;
  virtual void waiting(const Awaited& awaited) = 0;
  virtual void step_ended(const Step& step, const StepReport& report) = 0;
  virtual void wave_ended(const Wave& wave) = 0;
  virtual void tick() {}     // about a second has passed
  virtual void clear() = 0;  // nothing of what moves stays on the terminal: something else will be printed
};

using Sink = std::function<void(const std::string& text)>;

// What progress asks of time.
struct Times {
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<std::string()> stamp;  // of a line that is read later; empty: the local time, 14:02:11
};

// `mode` is tty, plain, json or none.
std::unique_ptr<Progress> make_progress(const std::string& mode, const Look& look, Sink sink, Times times = {});

// What auto means for this file descriptor: tty on a terminal that can move its cursor and outside CI, else plain.
std::string progress_mode(const std::string& asked, int fd);

// "12.3 MB of 166 MB (7%)"
std::string pull_words(long long done, long long total);

// Each in its own file.
std::unique_ptr<Progress> make_plain_progress(const Look& look, Sink sink, Times times);
std::unique_ptr<Progress> make_tty_progress(const Look& look, Sink sink, Times times);
using Now = std::function<std::chrono::system_clock::time_point()>;
std::unique_ptr<Progress> make_json_progress(Sink sink, Now now = std::chrono::system_clock::now);

}  // namespace cctl
