// Hosts that freeze: whatever is under way with them ends, and a long silent command of a host that lives does not.
#include "remote/silence.hpp"

#include "catch.hpp"
#include "frozen.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;
using std::chrono::milliseconds;
using Next = Silence::Next;

namespace {

constexpr milliseconds kLimit{1200};
const std::string kSilent = "here has not answered for 1200 ms";

SshOptions watched(milliseconds silence = kLimit) {
  SshOptions options;
  options.host_silence = silence;
  return options;
}

std::string told(const std::function<void()>& what) {
  try {
    what();
    return "";
  } catch (const Unreachable& error) {
    return error.what();
  }
}

std::string asked(World& world, const std::function<Task<void>()>& body) {
  return told([&] { world.run(body, std::chrono::seconds(40)); });
}

Silence::Moment at(int ms) {
  return Silence::Moment(milliseconds(ms));
}

}  // namespace

TEST_CASE("a host is asked in its silence, and given up when it says nothing to that") {
  struct Event {
    int ms;
    bool heard;
    Next next;
  };
  struct Row {
    const char* what;
    std::vector<Event> events;
  };
  for (const Row& row : {
           Row{"silent from the start",
               {{0, false, Next::wait},
                {15000, false, Next::beat},
                {30000, false, Next::wait},
                {59999, false, Next::wait},
                {60000, false, Next::give_up}}},
           Row{"it answers each beat",
               {{15000, false, Next::beat},
                {15100, true, Next::wait},
                {30000, false, Next::wait},
                {30100, false, Next::beat},
                {59000, true, Next::wait},
                {74000, false, Next::beat}}},
           Row{"it talks and need not be asked",
               {{14000, true, Next::wait}, {28000, true, Next::wait}, {42000, true, Next::wait}}},
           Row{"it answers and falls silent",
               {{15000, false, Next::beat},
                {16000, true, Next::wait},
                {31000, false, Next::beat},
                {76000, false, Next::give_up}}},
           Row{"we were stopped before we asked",
               {{600000, false, Next::beat}, {644999, false, Next::wait}, {645000, false, Next::give_up}}},
           Row{"we were stopped after we asked, and the answer lay there",
               {{15000, false, Next::beat}, {600000, true, Next::wait}, {615000, false, Next::beat}}},
       }) {
    CAPTURE(row.what);
    Silence silence(std::chrono::seconds(60), at(0));
    for (const Event& event : row.events) {
      CAPTURE(event.ms);
      if (event.heard) silence.hear(at(event.ms));
      CHECK(silence.at(at(event.ms)) == event.next);
      CHECK(silence.due() > at(event.ms - 1));
    }
  }
}

TEST_CASE("a host that freezes while it is logged in to is given up in the login's own time") {
  const char* const in_authentication =
      "AuthorizedKeysCommandUser root\nAuthorizedKeysCommand /bin/sh -c \"echo > MARK; exec sleep 600\"\n"
      "AuthorizedKeysFile none";
  const TempDir dir;
  const Signpost mark(dir / "mark");
  for (const std::string settings : {"", in_authentication}) {
    CAPTURE(settings);
    const Sshd sshd(mark.in(settings));
    Frozen frozen(sshd.child->pid);
    if (settings.empty())
      frozen.now();
    else
      frozen.after(mark);
    World world(watched());
    // Once more is tried where somebody is at home, and then nobody is.
    CHECK(world.refusal(sshd.host(), milliseconds(3000)) ==
          "no answer in 3 s (it accepted the connection, then fell silent in the key exchange)");
  }
}

TEST_CASE("a host that freezes while a command of ours is under way is given up") {
  struct Row {
    const char* what;
    const char* settings;
    const char* script;
    std::size_t input;
  };
  const TempDir dir;
  const Signpost mark(dir / "mark");
  const auto row = GENERATE(values(
      {Row{"before the first exchange has begun", "ForceCommand echo > MARK; exec sleep 600", "true", 0},
       Row{"in the first exchange", "", "echo > MARK; exec sleep 600", 0},
       Row{"in the midst of output", "", "head -c 3000000 /dev/zero; echo > MARK; while :; do echo x; sleep 0.01; done",
           0},
       Row{"while it takes input", "", "head -c 1000000 > /dev/null; echo > MARK; exec cat > /dev/null", 80'000'000},
       Row{"while it takes no input", "", "echo > MARK; exec sleep 600", 80'000'000}}));
  CAPTURE(row.what);
  const Sshd sshd(mark.in(row.settings));
  World world(watched());
  auto door = world.connect(sshd.host());
  Frozen frozen(sshd.child->pid);
  frozen.after(mark);
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    co_await door->shell().work(mark.in(row.script), std::string(row.input, 'x'));
  };
  CHECK(asked(world, body) == kSilent);
  // Whoever asks next need not wait again.
  CHECK(told([&] { world.shell(*door, "true"); }) == kSilent);
}

TEST_CASE("a host that freezes while nobody waits for it is given up by the next who does, whoever that is") {
  struct Row {
    const char* what;
    std::function<Task<void>(HostDoor&)> ask;
  };
  const auto row = GENERATE(
      values<Row>({{"a command", [](HostDoor& d) -> Task<void> { co_await d.shell().run("true", ""); }},
                   {"files",
                    [](HostDoor& d) -> Task<void> {
                      FileSpec file;
                      file.path = "/nowhere/file";
                      file.content = std::string(3'000'000, 'x');
                      std::vector<FileSpec> files{file};
                      std::vector<DirectorySpec> none;
                      std::set<std::string> lent;
                      co_await d.shell().put(std::move(none), std::move(files), std::move(lent));
                    }},
                   {"the lock", [](HostDoor& d) -> Task<void> { co_await d.shell().hold("echo held; exec cat"); }},
                   {"a pull", [](HostDoor& d) -> Task<void> { co_await d.engine().pull("busybox:1", {}); }},
                   {"a stop", [](HostDoor& d) -> Task<void> { co_await d.engine().stop("c", 90); }},
                   {"a log", [](HostDoor& d) -> Task<void> { co_await d.engine().follow_logs("c", 1, "", {}); }},
                   {"a look", [](HostDoor& d) -> Task<void> {
                      LookRequest request;
                      co_await d.observe(std::move(request));
                    }}}));
  CAPTURE(row.what);
  const Sshd sshd;
  World world(watched());
  auto door = world.connect(sshd.host());
  CHECK(world.shell(*door, "echo here").out == "here\n");
  Frozen frozen(sshd.child->pid);
  frozen.now();
  CHECK(asked(world, [&] { return row.ask(*door); }) == kSilent);
}

TEST_CASE("probes of a host that froze were not put") {
  const Sshd sshd;
  World world(watched());
  auto door = world.connect(sshd.host());
  Frozen frozen(sshd.child->pid);
  frozen.now();
  std::vector<Probe> probes(1);
  probes[0].kind = ProbeKind::tcp;
  probes[0].address = "127.0.0.1";
  probes[0].port = sshd.port;
  probes[0].timeout = std::chrono::seconds(30);
  const auto results = world.probe(*door, probes);
  REQUIRE(results.size() == 1);
  CHECK_FALSE(results[0].asked);
  CHECK(results[0].seen == kSilent);
}

TEST_CASE("a host behind a jump host that froze is given up by its own name") {
  const Sshd jump, sshd;
  auto host = sshd.host();
  write_file(jump.known_hosts, read_file(jump.known_hosts) + read_file(sshd.known_hosts));
  host.ssh.known_hosts = jump.known_hosts;
  JumpHop hop;
  hop.host = "127.0.0.1";
  hop.user = "root";
  hop.port = jump.port;
  hop.key = jump.user_key;
  host.ssh.jump = std::vector<JumpHop>{hop};
  World world(watched());
  auto door = world.connect(host);
  Frozen frozen(jump.child->pid);
  frozen.now();
  CHECK(told([&] { world.shell(*door, "true"); }) == kSilent);
}

TEST_CASE("a long silent command of a host that lives is waited for") {
  World world(watched(milliseconds(2000)));
  auto door = world.connect(shared_sshd().host());
  CHECK(world.shell(*door, "sleep 5; echo done").out == "done\n");
}
