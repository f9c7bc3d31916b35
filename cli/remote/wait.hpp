// Work on threads of its own, awaited on the one loop; the other tools for coroutines are those of apply/wait.hpp.
#pragma once
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "apply/doors.hpp"
#include "apply/wait.hpp"

namespace cctl {

// Threads for what may block, one for each piece of work: files on slow disks, names, programs, an agent that waits for
// a person. Nothing can end a thread that hangs, so none is ever waited for: what it comes back with after close() is
// dropped.
class Threads {
 public:
  explicit Threads(asio::io_context& loop) : loop_(loop), way_back_(std::make_shared<WayBack>()) {
    way_back_->loop = &loop;
  }
  ~Threads() { close(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  void close() {
    const std::lock_guard lock(way_back_->lock);
    way_back_->loop = nullptr;
  }

  // Runs `work` on a thread of its own and returns its result here. `work` must own what it uses: a cancelled wait
  // leaves it running. Its captures are released on the loop's thread.
  template <class Work>
  Task<std::invoke_result_t<Work&>> run(Work work) {
    using Result = std::invoke_result_t<Work&>;
    struct State {
      State(asio::io_context& loop, Work&& w) : done(loop), work(std::move(w)) {}
      Signal done;
      Work work;
      std::optional<Result> result;
      std::exception_ptr error;
      bool finished = false;
    };
    auto state = std::make_shared<State>(loop_, std::move(work));
    std::thread([state, way_back = way_back_]() mutable {
      try {
        state->result.emplace(state->work());
      } catch (...) {
        state->error = std::current_exception();
      }
      const std::lock_guard lock(way_back->lock);
      if (!way_back->loop) return keep(std::move(state));
      asio::post(*way_back->loop, [state = std::move(state)] {
        state->finished = true;
        state->done.wake();
      });
    }).detach();
    while (!state->finished) co_await state->done.wait();
    if (state->error) std::rethrow_exception(state->error);
    co_return std::move(*state->result);
  }

 private:
  struct WayBack {
    std::mutex lock;
    asio::io_context* loop;
  };
  // What was made on a loop that is gone must not be destroyed any more.
  static void keep(std::shared_ptr<void> state);

  asio::io_context& loop_;
  std::shared_ptr<WayBack> way_back_;
};

}  // namespace cctl
