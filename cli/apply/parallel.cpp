#include "apply/parallel.hpp"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace cctl {
namespace {

struct Group {
  Group(const asio::any_io_executor& executor, std::size_t n) : ended(executor), count(n) {
    ended.expires_at(asio::steady_timer::time_point::max());
  }
  asio::steady_timer ended;  // never expires: cancelled when the last worker has ended
  std::size_t count, next = 0, running = 0;
  std::exception_ptr error;
};

Task<void> worker(std::shared_ptr<Group> group, const std::function<Task<void>(std::size_t)>& work) {
  while (group->next < group->count) {
    const std::size_t index = group->next++;
    try {
      co_await work(index);
    } catch (...) {
      if (!group->error) group->error = std::current_exception();
    }
  }
}

// A cancelled caller still waits for its workers: they use what it owns.
Task<void> wait(std::shared_ptr<Group> group) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (group->running > 0) {
    asio::error_code woken;
    co_await group->ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace

Task<void> for_all(std::size_t count, std::size_t limit, const std::function<Task<void>(std::size_t)>& work) {
  auto executor = co_await asio::this_coro::executor;
  auto group = std::make_shared<Group>(executor, count);
  for (std::size_t i = 0; i < std::min(count, std::max<std::size_t>(limit, 1)); ++i) {
    ++group->running;
    auto ended = [group](std::exception_ptr) {
      if (--group->running == 0) group->ended.cancel();
    };
    asio::co_spawn(executor, worker(group, work), ended);
  }
  co_await wait(group);
  if (group->error) std::rethrow_exception(group->error);
}

}  // namespace cctl
