// Hosts that are logged in to and say nothing: how long a run waits for them.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "apply/wait.hpp"
#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;
using std::chrono::milliseconds;

namespace {

Task<void> never(bool& cancelled) {
  struct End {
    bool& told;
    ~End() { told = true; }
  } end{cancelled};
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

Task<void> at_once() {
  co_return;
}

Task<void> gives_up() {
  throw GivenUp("no answer in 60 s");
  co_return;
}

std::string asked(Hosts& hosts, const std::string& host, Task<void> task) {
  asio::io_context loop;
  std::string error;
  asio::co_spawn(loop, ask_patiently(hosts, host, std::move(task)), [&](std::exception_ptr e) {
    try {
      if (e) std::rethrow_exception(e);
    } catch (const GivenUp& caught) {
      error = caught.what();
    }
  });
  loop.run();
  return error;
}

}  // namespace

TEST_CASE("how long an answer is waited for hangs on whom the run is about, and who was given up") {
  constexpr milliseconds shortly{5};
  struct Row {
    std::set<std::string> named;
    bool given_up;
    std::optional<milliseconds> patience;
  };
  for (const Row& row :
       {Row{{}, false, std::nullopt}, Row{{}, true, shortly}, Row{{"a"}, false, std::nullopt},
        Row{{"a"}, true, std::nullopt}, Row{{"b"}, false, shortly}, Row{{"b"}, true, milliseconds(0)}}) {
    Hosts hosts(row.named, shortly);
    if (row.given_up) hosts.note_given_up("a", "why");
    CHECK(hosts.patience("a") == row.patience);
  }
}

TEST_CASE(
    "who gives no answer is given up, by whichever limit was the first, and is asked no more where it does not "
    "matter") {
  Hosts hosts({"b"}, milliseconds(1));
  bool cancelled = false;
  CHECK_THAT(asked(hosts, "a", never(cancelled)), Catch::Matchers::Contains("--limit leaves it out"));
  CHECK(cancelled);
  CHECK_THAT(asked(hosts, "a", at_once()), Catch::Matchers::Contains("--limit leaves it out"));
  CHECK(asked(hosts, "b", gives_up()) == "no answer in 60 s");
  CHECK(hosts.why_given_up("b") == "no answer in 60 s");
  CHECK(asked(hosts, "b", at_once()).empty());
  CHECK(hosts.why_given_up("b").empty());
}
