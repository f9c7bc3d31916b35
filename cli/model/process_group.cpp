#include "model/process_group.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "model/error.hpp"
#include "model/line_splitter.hpp"

extern char** environ;

namespace cctl {
namespace {

using std::chrono::milliseconds;

constexpr int patience_ms = 1000;  // for who is hung up

// Whose program has ended keeps its number until it is waited for: nobody else can have it meanwhile.
bool is_over(pid_t pid) {
  siginfo_t about{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &about, WEXITED | WNOHANG | WNOWAIT) != 0 || about.si_pid != 0;
}

// The groups that run, for a handler of signals too, which can wait for no lock: places are taken and left, never
// freed.
struct GroupPlace {
  std::atomic<pid_t> group = 0;
  GroupPlace* next = nullptr;
};
std::atomic<GroupPlace*> places = nullptr;

void remember(pid_t group) {
  for (GroupPlace* at = places; at; at = at->next) {
    pid_t none = 0;
    if (at->group.compare_exchange_strong(none, group)) return;
  }
  auto* made = new GroupPlace;
  made->group = group;
  made->next = places;
  while (!places.compare_exchange_weak(made->next, made)) {
  }
}

void forget(pid_t group) {
  for (GroupPlace* at = places; at; at = at->next) {
    pid_t found = group;
    if (at->group.compare_exchange_strong(found, 0)) return;
  }
}

// For ever: the number may be another's from then on.
int kill_and_wait(pid_t pid) {
  ::kill(-pid, SIGKILL);
  forget(pid);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void end_by_signal(int number) {
  end_process_groups();
  ::signal(number, SIG_DFL);
  ::raise(number);
}

// However this program ends, but by a signal that kills it at once.
void end_with_us() {
  static const bool hooked = [] {
    std::atexit(end_process_groups);
    std::at_quick_exit(end_process_groups);
    return true;
  }();
  static_cast<void>(hooked);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction set {};
    if (::sigaction(number, nullptr, &set) != 0 || set.sa_handler != SIG_DFL) continue;
    set.sa_handler = end_by_signal;
    ::sigaction(number, &set, nullptr);
  }
}

// A pipe whose ends close themselves; neither end is inherited unless given to the child.
struct Pipe {
  std::array<int, 2> ends = {-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(std::string("no pipe: ") + std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int read_end() const { return ends[0]; }
  int write_end() const { return ends[1]; }
  void close_end(std::size_t which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
};

// One output of a program as it comes.
struct Output {
  Pipe pipe;
  std::string text;
  LineSplitter lines;

  // False: there is nothing to read for now, or never again.
  bool take(const ProgramCall& call) {
    std::array<char, 65536> buffer;
    if (pipe.read_end() < 0) return false;
    const ssize_t count = ::read(pipe.read_end(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (count <= 0) {
      pipe.close_end(0);
      return false;
    }
    const std::string_view come(buffer.data(), static_cast<std::size_t>(count));
    text.append(come);
    if (call.on_line) lines.feed(come, call.on_line);
    return true;
  }
};

class Run {
 public:
  Run(const std::vector<std::string>& argv, const ProgramCall& call)
      : name_(argv.front()),
        call_(call),
        group_(argv, {call.input.empty() ? -1 : in_.read_end(), out_.pipe.write_end(), err_.pipe.write_end()}) {
    in_.close_end(0);
    for (Output* output : {&out_, &err_}) {
      output->pipe.close_end(1);
      ::fcntl(output->pipe.read_end(), F_SETFL, O_NONBLOCK);
    }
    if (call.input.empty()) in_.close_end(1);
    if (in_.write_end() >= 0) ::fcntl(in_.write_end(), F_SETFL, O_NONBLOCK);
  }

  ProgramResult to_its_end() {
    if (group_.failure() == ENOENT) return {127, "", name_ + " is not installed"};
    if (group_.failure() != 0) throw Error(name_ + " cannot be started: " + std::strerror(group_.failure()));
    const auto end = std::chrono::steady_clock::now() + call_.time;
    while (!over()) {
      if (std::chrono::steady_clock::now() >= end)
        throw Error(fmt::format("{} did not answer in time: it was ended after {} s", name_,
                                std::chrono::duration<double>(call_.time).count()));
      wait_a_moment();
    }
    const int status = group_.end();
    return {status, std::move(out_.text), std::move(err_.text)};
  }

 private:
  // Whatever it has left behind may hold its outputs open: what was printed until it ended counts.
  bool over() {
    const bool ended = group_.has_ended();
    while (out_.take(call_) || err_.take(call_))
      if (out_.text.size() + err_.text.size() > call_.bytes)
        throw Error(fmt::format("{} printed more than {} KiB, and was ended", name_, call_.bytes >> 10));
    return ended;
  }

  void wait_a_moment() {
    pollfd waits[3] = {
        {out_.pipe.read_end(), POLLIN, 0}, {err_.pipe.read_end(), POLLIN, 0}, {in_.write_end(), POLLOUT, 0}};
    const bool silent = waits[0].fd < 0 && waits[1].fd < 0;  // its end cannot be far, and nothing tells of it
    if (::poll(waits, 3, silent ? 1 : 20) > 0 && waits[2].revents) feed();
  }

  void feed() {
    const std::string_view left = std::string_view(call_.input).substr(fed_);
    const ssize_t count = ::write(in_.write_end(), left.data(), left.size());
    if (count > 0) fed_ += static_cast<std::size_t>(count);
    const bool closed = count < 0 && errno != EINTR && errno != EAGAIN;
    if (closed || fed_ == call_.input.size()) in_.close_end(1);
  }

  std::string name_;
  const ProgramCall& call_;
  Pipe in_;
  Output out_, err_;
  std::size_t fed_ = 0;
  ProcessGroup group_;
};

}  // namespace

ProcessGroup::ProcessGroup(const std::vector<std::string>& argv, const Streams& streams) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::array<int, 3> given = {streams.in, streams.out, streams.err};
  for (int i = 0; i < 3; ++i) {
    const int from = given[static_cast<std::size_t>(i)];
    if (from >= 0)
      posix_spawn_file_actions_adddup2(&actions, from, i);
    else
      posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
  }
  posix_spawnattr_t own;
  posix_spawnattr_init(&own);
  sigset_t usual, none;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&own, &usual);
  posix_spawnattr_setsigmask(&own, &none);
  posix_spawnattr_setflags(&own, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  end_with_us();
  failure_ = ::posix_spawnp(&pid_, words.front(), &actions, &own, words.data(), environ);
  posix_spawnattr_destroy(&own);
  posix_spawn_file_actions_destroy(&actions);
  if (failure_ != 0) pid_ = 0;
  if (pid_ > 0) remember(pid_);
}

ProcessGroup::~ProcessGroup() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGHUP);
  std::thread([pid = pid_] {
    for (int waited = 0; waited < patience_ms && !is_over(pid); waited += 10)
      std::this_thread::sleep_for(milliseconds(10));
    kill_and_wait(pid);
  }).detach();
}

bool ProcessGroup::has_ended() const {
  return pid_ <= 0 || is_over(pid_);
}

int ProcessGroup::end() {
  return pid_ > 0 ? kill_and_wait(std::exchange(pid_, 0)) : 0;
}

void end_process_groups() {
  const auto each = [](auto&& what) {
    bool any = false;
    for (const GroupPlace* at = places; at; at = at->next)
      if (const pid_t group = at->group; group > 0) any = what(group) || any;
    return any;
  };
  each([](pid_t group) { return ::kill(-group, SIGHUP) == 0; });
  for (int waited = 0; waited < patience_ms / 2 && each([](pid_t group) { return !is_over(group); }); waited += 5)
    std::this_thread::sleep_for(milliseconds(5));
  each([](pid_t group) { return ::kill(-group, SIGKILL) == 0; });
}

ProgramResult run_program(const std::vector<std::string>& argv, const ProgramCall& call) {
  return Run(argv, call).to_its_end();
}

}  // namespace cctl
