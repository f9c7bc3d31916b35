#include "sandbox/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "model/error.hpp"
#include "model/line_splitter.hpp"

extern char** environ;

namespace cctl {
namespace {

// A pipe whose ends close themselves; neither end is inherited unless given to the child.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("no pipe: ") + std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int which) {
    if (ends[which] >= 0) close(ends[which]);
    ends[which] = -1;
  }
};

pid_t start(const std::vector<std::string>& argv, const Pipe& in, const Pipe& out, const Pipe& err, int& failure) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = -1;
  failure = posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// Reads what there is and hands over the lines that are complete. False at the end of the stream.
bool drain(int fd, std::string& all, LineSplitter& lines, const OnLine& on_line) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  const std::string_view come(buffer.data(), static_cast<std::size_t>(count));
  all.append(come);
  if (on_line) lines.feed(come, on_line);
  return true;
}

void feed(Pipe& in, const std::string& input, std::size_t& fed) {
  const ssize_t count = write(in.ends[1], input.data() + fed, input.size() - fed);
  if (count > 0) fed += static_cast<std::size_t>(count);
  const bool closed = count < 0 && errno != EINTR && errno != EAGAIN;
  if (closed || fed == input.size()) in.close_end(1);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& argv, const std::string& input, const OnLine& on_line) {
  Pipe in, out, err;
  int failure = 0;
  const pid_t pid = start(argv, in, out, err, failure);
  if (failure == ENOENT) return {127, "", argv[0] + " is not installed"};
  if (failure != 0) throw Error(argv[0] + " cannot be started: " + std::strerror(failure));
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  std::size_t fed = 0;
  LineSplitter lines_out, lines_err;
  if (input.empty()) in.close_end(1);
  fcntl(in.ends[1], F_SETFL, O_NONBLOCK);

  ProgramResult result;
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    pollfd waits[3] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}};
    if (poll(waits, 3, -1) < 0 && errno != EINTR) break;
    if (waits[0].revents && !drain(out.ends[0], result.out, lines_out, on_line)) out.close_end(0);
    if (waits[1].revents && !drain(err.ends[0], result.err, lines_err, on_line)) err.close_end(0);
    if (waits[2].revents) feed(in, input, fed);
  }
  int state = 0;
  while (waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return result;
}

}  // namespace cctl
