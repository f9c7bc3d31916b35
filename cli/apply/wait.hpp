// Small tools for coroutines on the one loop: a signal to wait for, time limits, several tasks at once. Everything here
// belongs to the loop's thread. Waits end with asio's operation_aborted when they are cancelled.
#pragma once
#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <vector>

#include "apply/doors.hpp"

namespace cctl {

// Wakes all who wait. A wake-up with nobody waiting is lost: always wait in a loop around the condition.
class Signal {
 public:
  explicit Signal(asio::io_context& loop) : timer_(loop, asio::steady_timer::time_point::max()) {}
  Task<void> wait() {
    asio::error_code woken;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  void wake() { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

enum class Until { all_end, first_ends };

// Runs the tasks at once. all_end: the first exception cancels the others; first_ends: any end does. Returns (or throws
// the first exception) when every one of them has ended; cancelling this cancels them.
Task<void> together(asio::io_context& loop, std::vector<Task<void>> tasks, Until until = Until::all_end);

// Runs the task for at most `limit`; false when time was up (the task has then been cancelled and has ended).
Task<bool> within(asio::io_context& loop, std::chrono::milliseconds limit, Task<void> task);

}  // namespace cctl
