#include "remote/silence.hpp"

namespace cctl {
namespace {

Silence::Moment now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Silence::Next Silence::at(Moment now) {
  if (now < due()) return Next::wait;
  if (asked_) return Next::give_up;
  asked_ = true;
  beat_at_ = now;
  return Next::beat;
}

Silence::Moment Silence::due() const {
  return asked_ ? beat_at_ + (limit_ - until_beat()) : heard_ + until_beat();
}

SilenceWatch::SilenceWatch(asio::io_context& loop, std::chrono::milliseconds limit, Hooks hooks)
    : timer_(loop), limit_(limit), hooks_(std::move(hooks)), silence_(limit, now()) {}

void SilenceWatch::begin() {
  if (minds_) return;
  minds_ = true;
  silence_ = Silence(limit_, now());
  wait();
}

void SilenceWatch::hear() {
  silence_.hear(now());
}

void SilenceWatch::end() {
  minds_ = false;
  timer_.cancel();
}

void SilenceWatch::wait() {
  timer_.expires_at(silence_.due());
  timer_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->minds_) self->look();
  });
}

void SilenceWatch::look() {
  // An answer may lie there unread: this program may have been stopped meanwhile.
  hooks_.take_in();
  switch (silence_.at(now())) {
    case Silence::Next::give_up:
      minds_ = false;
      return hooks_.give_up();
    case Silence::Next::beat:
      hooks_.beat();
      break;
    case Silence::Next::wait:
      break;
  }
  if (minds_) wait();
}

}  // namespace cctl
