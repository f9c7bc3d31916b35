// A host that falls silent while somebody waits for it: a beat asks its sshd whether it is there, however long the
// command takes that runs there, and once nothing comes any more the host is given up.
#pragma once
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace cctl {

// When to ask, and when to give up. Pure: it is told the time. Only what was asked for can be missing: the time in
// which this program stood still counts for nothing.
class Silence {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  enum class Next { wait, beat, give_up };

  Silence(std::chrono::milliseconds limit, Moment now) : limit_(limit), heard_(now) {}
  void hear(Moment now) {
    heard_ = now;
    asked_ = false;
  }
  // What to do now, and when to ask this again.
  Next at(Moment now);
  Moment due() const;

 private:
  std::chrono::milliseconds until_beat() const { return limit_ / 4; }

  std::chrono::milliseconds limit_;  // in which nothing at all comes
  Moment heard_, beat_at_{};
  bool asked_ = false;  // by a beat since then
};

// Minds one connection while it is waited for.
class SilenceWatch : public std::enable_shared_from_this<SilenceWatch> {
 public:
  struct Hooks {
    std::function<void()> take_in;  // what has come already, which calls hear()
    std::function<void()> beat;     // sends what has to be answered
    std::function<void()> give_up;
  };
  SilenceWatch(asio::io_context& loop, std::chrono::milliseconds limit, Hooks hooks);
  void begin();
  void hear();
  void end();

 private:
  void look();
  void wait();

  asio::steady_timer timer_;
  std::chrono::milliseconds limit_;
  Hooks hooks_;
  Silence silence_;
  bool minds_ = false;
};

}  // namespace cctl
