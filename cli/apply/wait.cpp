#include "apply/wait.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/this_coro.hpp>
#include <memory>

namespace cctl {
namespace {

// What the tasks of one together() share with it; outlives whichever ends last.
struct Company {
  explicit Company(asio::io_context& loop) : changed(loop) {}
  Signal changed;
  std::vector<std::unique_ptr<asio::cancellation_signal>> cancels;
  std::size_t running = 0;
  bool stopped = false;
  std::exception_ptr error;

  void stop() {
    if (stopped) return;
    stopped = true;
    for (auto& cancel : cancels) cancel->emit(asio::cancellation_type::terminal);
  }
};

void start(asio::io_context& loop, const std::shared_ptr<Company>& group, Task<void> task, Until until) {
  auto& cancel = group->cancels.emplace_back(std::make_unique<asio::cancellation_signal>());
  ++group->running;
  auto ended = [group, until](std::exception_ptr error) {
    --group->running;
    if (error && !group->stopped) group->error = error;
    if (error || until == Until::first_ends) group->stop();
    group->changed.wake();
  };
  asio::co_spawn(loop, std::move(task), asio::bind_cancellation_slot(cancel->slot(), std::move(ended)));
}

// Waits for the end of the group; our own cancellation is passed on to the members first.
Task<void> wait_for(std::shared_ptr<Company> group) {
  // From here on a cancellation only shows in the state, so that nobody leaves while members still run.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (group->running > 0) {
    co_await group->changed.wait();
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) group->stop();
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) throw std::system_error(asio::error::operation_aborted);
}

}  // namespace

Task<void> together(asio::io_context& loop, std::vector<Task<void>> tasks, Until until) {
  auto group = std::make_shared<Company>(loop);
  for (auto& task : tasks) start(loop, group, std::move(task), until);
  co_await wait_for(group);
  if (group->error) std::rethrow_exception(group->error);
}

Task<bool> within(asio::io_context& loop, std::chrono::milliseconds limit, Task<void> task) {
  auto group = std::make_shared<Company>(loop);
  start(loop, group, std::move(task), Until::all_end);
  auto late = std::make_shared<bool>(false);
  asio::steady_timer timer(loop, limit);
  timer.async_wait([group, late](const asio::error_code& error) {
    if (error || group->running == 0) return;
    *late = true;
    group->stop();
  });
  co_await wait_for(group);
  if (group->error) std::rethrow_exception(group->error);
  co_return !*late;
}

}  // namespace cctl
