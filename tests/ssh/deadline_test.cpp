// What is asked of a host has a deadline, here and there: a host that logs in and then says nothing is one row.
#include "catch.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

SshOptions hurried() {
  SshOptions options;
  options.command_timeout = std::chrono::milliseconds(1000);
  return options;
}

// How many commands of the host have this in their line, apart from the one that looks.
int running(World& world, HostDoor& door, const std::string& what) {
  const std::string half = what.substr(0, what.size() / 2), rest = what.substr(what.size() / 2);
  return std::stoi(world
                       .shell(door, "a=" + half + " b=" + rest +
                                        "; for p in /proc/[0-9]*/cmdline; do tr '\\0' '~' < $p; echo; done 2>/dev/null "
                                        "| grep -c \"$a$b\"; true")
                       .out);
}

}  // namespace

TEST_CASE("a command that does not end is given up, and ended on the host") {
  World world(hurried());
  auto door = world.connect(shared_sshd().host());
  const TempDir dir;
  const auto fifo = dir / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0666) == 0);
  const auto form = GENERATE(
      values<std::string>({"sleep 86399", "cat FIFO", "trap '' TERM; sleep 86399", "while :; do sleep 86399; done"}));
  const auto script = form == "cat FIFO" ? "cat " + fifo : form;
  CAPTURE(script);
  try {
    world.shell(*door, script);
    FAIL("it ended");
  } catch (const Error& e) {
    CHECK(e.exit_code() == 3);
    CHECK_THAT(e.what(), Contains("has not ended in 1 s, and was given up"));
  }
  // The connection goes on.
  CHECK(world.shell(*door, "echo here").out == "here\n");
  const auto what = form == "cat FIFO" ? fifo : std::string("86399");
  World patient;
  auto again = patient.connect(shared_sshd().host());
  auto clock = make_clock(patient.loop);
  int left = 1;
  for (int tries = 0; tries < 200 && left > 0; ++tries) {
    left = running(patient, *again, what);
    const std::function<Task<void>()> pause = [&]() -> Task<void> {
      co_await clock->sleep(std::chrono::milliseconds(100));
    };
    if (left > 0) patient.run(pause);
  }
  CHECK(left == 0);
}

TEST_CASE("a command that does not begin has a time of its own, however long it may then take") {
  struct Row {
    const char *forced, *told;
  };
  const auto row = GENERATE(values({
      Row{"exec sleep 30", "nothing"},
      Row{"echo welcome; exec sleep 30", "welcome"},
  }));
  CAPTURE(row.forced);
  const Sshd sshd(std::string("ForceCommand ") + row.forced);
  const auto ask = GENERATE(0, 1, 2, 3);
  CAPTURE(ask);
  const auto refusal_after = [&](int seconds) -> std::string {
    SshOptions options;
    options.begin_timeout = std::chrono::seconds(seconds);
    World world(options);
    auto door = world.connect(sshd.host());
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      if (ask == 0) co_await door->shell().work("true", "");
      if (ask == 1) co_await door->shell().work("cat", std::string(1'000'000, 'x'));
      if (ask == 2) co_await door->shell().hold("echo held; exec cat");
      LookRequest request;
      if (ask == 3) co_await door->look(std::move(request));
    };
    try {
      world.run(body);
      return "it began";
    } catch (const Error& e) {
      return e.what();
    }
  };
  const auto wanted_after = [&](int seconds) {
    return "the login shell of root on here has not begun our command in " + std::to_string(seconds) +
           " s; it printed " + row.told;
  };
  // A busy machine may take longer than the limit to begin the forced command: it then has printed nothing yet.
  int seconds = 1;
  std::string refusal = refusal_after(seconds);
  for (; seconds < 16 && refusal != wanted_after(seconds); refusal = refusal_after(seconds)) seconds *= 2;
  CHECK(refusal == wanted_after(seconds));
}

TEST_CASE("what takes its time may take it") {
  World world(hurried());
  auto door = world.connect(shared_sshd().host());
  CommandResult result;
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    result = co_await door->shell().work("sleep 2; cat", "input");
  };
  world.run(body);
  CHECK(result.out == "input");
}

TEST_CASE("a lock that does not answer is not waited for") {
  World world(hurried());
  auto door = world.connect(shared_sshd().host());
  const std::function<Task<void>()> body = [&]() -> Task<void> { co_await door->shell().hold("exec cat >/dev/null"); };
  CHECK_THROWS_WITH(world.run(body), Contains("the lock has not answered"));
}
