// Work for many at once.
#include "apply/parallel.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "catch.hpp"

using namespace cctl;

namespace {

struct Count {
  int running = 0, most = 0, ended = 0;
};

// A piece of work that is not done at once; every seventh throws.
Task<void> piece(Count& count, std::size_t index, bool throws) {
  ++count.running;
  count.most = std::max(count.most, count.running);
  for (int i = 0; i < 3; ++i) co_await asio::post(asio::use_awaitable);
  --count.running;
  ++count.ended;
  if (throws && index % 7 == 0) throw Error("piece " + std::to_string(index));
}

std::string run_all(Count& count, std::size_t n, std::size_t limit, bool throws) {
  asio::io_context loop;
  std::string error;
  const std::function<Task<void>(std::size_t)> work = [&](std::size_t i) { return piece(count, i, throws); };
  auto done = [&](std::exception_ptr e) {
    try {
      if (e) std::rethrow_exception(e);
    } catch (const Error& caught) {
      error = caught.what();
    }
  };
  asio::co_spawn(loop, for_all(n, limit, work), done);
  loop.run();
  return error;
}

}  // namespace

TEST_CASE("for_all runs everything, never more at once than allowed") {
  for (std::size_t n : {0, 1, 2, 3, 5, 100})
    for (std::size_t limit : {1, 3, 1000}) {
      Count count;
      CHECK(run_all(count, n, limit, false).empty());
      CHECK(count.ended == static_cast<int>(n));
      CHECK(count.most == static_cast<int>(std::min(n, limit)));
    }
}

TEST_CASE("for_all waits for all before it tells the first error") {
  Count count;
  CHECK(run_all(count, 20, 4, true) == "piece 0");
  CHECK(count.ended == 20);
}
