#include "remote/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <set>

extern char** environ;

namespace cctl {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("no pipe left");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    ::close(read);
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

class Running {
 public:
  static Running& all() {
    static auto* running = new Running;  // outlives every thread
    return *running;
  }
  void add(pid_t group) {
    const std::lock_guard held(lock_);
    if (!hooked_) {
      std::atexit([] { all().end(); });
      std::at_quick_exit([] { all().end(); });
    }
    hooked_ = true;
    groups_.insert(group);
  }
  void remove(pid_t group) {
    const std::lock_guard held(lock_);
    groups_.erase(group);
  }

 private:
  void end() {
    const std::lock_guard held(lock_);
    for (const pid_t group : groups_) ::kill(-group, SIGHUP);
  }
  std::mutex lock_;
  std::set<pid_t> groups_;
  bool hooked_ = false;
};

}  // namespace

void ends_with_us(pid_t group) {
  Running::all().add(group);
}

void has_ended(pid_t group) {
  Running::all().remove(group);
}

CommandResult run_process(const std::vector<std::string>& command, std::chrono::milliseconds limit) {
  Pipe out, err;
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write, 2);
  // A group of its own, so that what it has started (Match exec) can be ended with it.
  posix_spawnattr_t group;
  posix_spawnattr_init(&group);
  posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, &group, argv.data(), environ);
  posix_spawnattr_destroy(&group);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {127, "", ""};
  ends_with_us(pid);
  out.close_write();
  err.close_write();

  CommandResult result;
  const auto end = std::chrono::steady_clock::now() + limit;
  pollfd fds[2] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}};
  std::string* texts[2] = {&result.out, &result.err};
  bool late = false;
  while ((fds[0].fd >= 0 || fds[1].fd >= 0) && !late) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    late = left <= 0 || ::poll(fds, 2, static_cast<int>(left)) == 0;
    for (int i = 0; i < 2 && !late; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[8192];
      const auto got = ::read(fds[i].fd, buffer, sizeof buffer);
      if (got > 0)
        texts[i]->append(buffer, static_cast<std::size_t>(got));
      else
        fds[i].fd = -1;
    }
  }
  if (late) ::kill(-pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  has_ended(pid);
  if (late) throw Error(command.front() + " did not answer in time");
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  while (!result.err.empty() && result.err.back() == '\n') result.err.pop_back();
  return result;
}

}  // namespace cctl
