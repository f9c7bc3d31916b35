// Programs of this machine that do not end, print without end, or leave others behind.
#include "model/process_group.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "catch.hpp"
#include "model/error.hpp"

using namespace cctl;

namespace {

std::vector<std::string> sh(const std::string& script) {
  return {"sh", "-c", script};
}

std::string error_of(const std::vector<std::string>& argv, const ProgramCall& call) {
  try {
    run_program(argv, call);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

// Waits until a process is no more.
bool ends(const std::string& pid) {
  const int number = std::atoi(pid.c_str());
  for (int i = 0; i < 1000 && ::kill(number, 0) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return number > 0 && ::kill(number, 0) != 0;
}

constexpr auto soon = std::chrono::milliseconds(300);

}  // namespace

TEST_CASE("programs run without a shell") {
  CHECK(run_program({"printf", "%s", "$(id) ; 'x'"}).out == "$(id) ; 'x'");
  CHECK(run_program({"cat"}, {.input = std::string(300'000, 'x')}).out.size() == 300'000);
  CHECK(run_program(sh("echo no >&2; exit 3")).status == 3);
  CHECK(run_program(sh("echo no >&2; exit 3")).err == "no\n");
}

TEST_CASE("a program has so much time") {
  for (const char* script : {"sleep 600", "trap '' HUP TERM; sleep 600; sleep 600", "exec >&- 2>&-; sleep 600",
                             "while :; do echo x; sleep 1; done", "kill -STOP $$", "sleep 600 & wait"}) {
    CAPTURE(script);
    const std::string said = error_of(sh(script), {.time = soon});
    CHECK(said == "sh did not answer in time: it was ended after 0.3 s");
  }
}

TEST_CASE("a program prints so much") {
  for (const char* script : {"yes", "yes >&2", "cat /dev/zero", "yes & wait", "yes & exec sleep 600",
                             "printf %02000d 1; printf %02000d 1 >&2"}) {
    CAPTURE(script);
    CHECK(error_of(sh(script), {.time = std::chrono::minutes(2), .bytes = 3000}) ==
          "sh printed more than 2 KiB, and was ended");
  }
  CHECK(run_program(sh("printf %02000d 1"), {.bytes = 2000}).out.size() == 2000);
}

TEST_CASE("what a program leaves behind is ended with it, and nobody waits for it") {
  struct Case {
    std::string script;
    int status;
  };
  const Case cases[] = {
      {"sleep 600 & echo $!", 0},
      {"sleep 600 & echo $!; exit 7", 7},
      {"sleep 600 >/dev/null 2>&1 & echo $!", 0},
      {"trap '' HUP TERM INT; sleep 600 & echo $!", 0},
      {"(sh -c 'echo $$; exec sleep 600' &)", 0},
      {"nohup sleep 600 2>&1 & echo $!", 0},
      {"sleep 600 & echo $!; kill -9 $$", 128 + 9},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    // What has not begun to print when its parent ends prints nothing: one that says its number is waited for.
    const ProgramResult result = run_program(sh(c.script), {.time = std::chrono::minutes(2)});
    CHECK(result.status == c.status);
    if (!result.out.empty()) CHECK(ends(result.out));
  }
}

TEST_CASE("a program has no terminal of ours, no input of ours and the usual signals") {
  CHECK(run_program(sh("cat; echo end")).out == "end\n");
  CHECK(run_program(sh("cat"), {.input = "given"}).out == "given");
  CHECK(run_program(sh("echo x > /dev/tty")).status != 0);
  ::signal(SIGPIPE, SIG_IGN);  // as main() does
  CHECK(run_program(sh("exit 3"), {.input = std::string(1 << 20, 'x')}).status == 3);
  CHECK(run_program(sh("kill -PIPE $$")).status == 128 + SIGPIPE);
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int status = run_program(sh("kill -TERM $$")).status;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(status == 128 + SIGTERM);
}

TEST_CASE("a program's lines are told as they come") {
  std::vector<std::string> lines;
  const auto on_line = [&](const std::string& line) { lines.push_back(line); };
  CHECK(run_program(sh("echo a; echo b; printf c"), {.on_line = on_line}).out == "a\nb\nc");
  CHECK(lines == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what cannot be started says so") {
  CHECK(run_program({"no-such-program-anywhere"}).status == 127);
  CHECK(error_of({"/etc/passwd"}, {}) == "/etc/passwd cannot be started: Permission denied");
  CHECK(error_of({"/"}, {}) == "/ cannot be started: Permission denied");
}

// This program, in a child, is ended in each of the ways that it can end; what it has started has to go, too.
TEST_CASE("who ends us ends them") {
  const auto by = [](int number) { return [number] { ::raise(number); }; };
  const std::pair<std::function<void()>, int> ways[] = {{[] { std::exit(0); }, 0},
                                                        {[] { std::quick_exit(0); }, 0},
                                                        {by(SIGINT), SIGINT},
                                                        {by(SIGTERM), SIGTERM},
                                                        {by(SIGHUP), SIGHUP}};
  for (const auto& [way, number] : ways) {
    CAPTURE(number);
    int told[2];
    REQUIRE(::pipe2(told, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), 1);
      for (const int one : {SIGINT, SIGTERM, SIGHUP}) ::signal(one, SIG_DFL);
      int said[2];
      if (::pipe2(said, O_CLOEXEC) != 0) ::_exit(9);
      // Never destroyed, as where the program is ended from outside.
      new ProcessGroup(sh("trap '' HUP; sleep 600 & echo $!; wait"), {-1, said[1], -1});
      char pid[32];
      const ssize_t count = ::read(said[0], pid, sizeof pid);
      if (count <= 0 || ::write(told[1], pid, static_cast<std::size_t>(count)) != count) ::_exit(9);
      way();
      ::_exit(9);
    }
    ::close(told[1]);
    char pid[32] = {};
    CHECK(::read(told[0], pid, sizeof pid - 1) > 0);
    ::close(told[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK((WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)) == number);
    CHECK(ends(pid));
  }
}
