#include "remote/proxy_command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstdlib>
#include <thread>

#include "model/error.hpp"
#include "remote/process.hpp"
#include "remote/wait.hpp"

extern char** environ;

namespace cctl {
namespace {

// Hangs up, as ssh does; what does not heed that is killed a second later.
void end_process(pid_t pid) {
  ::kill(-pid, SIGHUP);
  std::thread([pid] {
    for (int i = 0; i < 100; ++i) {
      if (::waitpid(pid, nullptr, WNOHANG) != 0) return has_ended(pid);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    has_ended(pid);
  }).detach();
}

constexpr std::size_t kept = 4096;  // bytes of standard error

}  // namespace

struct ProxyCommand::Errors {
  Errors(asio::io_context& loop, int fd) : pipe(loop, fd) {}
  asio::posix::stream_descriptor pipe;
  std::string text;

  void take(const char* bytes, std::size_t size) {
    text.append(bytes, size);
    if (text.size() > kept) text.erase(0, text.size() - kept);
  }
};

namespace {

// The pipe is emptied all the time, or the program would stand still once it is full.
template <class Errors>
Task<void> drain(std::shared_ptr<Errors> errors) {
  char buffer[1024];
  for (;;) {
    const auto got = co_await errors->pipe.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    errors->take(buffer, got);
  }
}

}  // namespace

ProxyCommand::ProxyCommand(asio::io_context& loop, const std::string& command) {
  int streams[2], errors[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, streams) != 0) throw Error("no socket left");
  if (::pipe2(errors, O_CLOEXEC) != 0) {
    ::close(streams[0]);
    ::close(streams[1]);
    throw Error("no pipe left");
  }
  socket_ = streams[0];
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  ::fcntl(errors[0], F_SETFL, O_NONBLOCK);
  errors_ = std::make_shared<Errors>(loop, errors[0]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams[1], 0);
  posix_spawn_file_actions_adddup2(&actions, streams[1], 1);
  posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
  posix_spawnattr_t own;
  posix_spawnattr_init(&own);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&own, &usual);
  posix_spawnattr_setflags(&own, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  const char* named = std::getenv("SHELL");
  const std::string shell = named && *named ? named : "/bin/sh";
  const auto line = "exec " + command;
  char* argv[] = {const_cast<char*>(shell.c_str()), const_cast<char*>("-c"), const_cast<char*>(line.c_str()), nullptr};
  const int failed = ::posix_spawn(&pid_, shell.c_str(), &actions, &own, argv, environ);
  posix_spawnattr_destroy(&own);
  posix_spawn_file_actions_destroy(&actions);
  ::close(streams[1]);
  ::close(errors[1]);
  if (failed != 0) {
    ::close(socket_);
    throw Unreachable("ProxyCommand: the shell " + shell + " cannot be started");
  }
  ends_with_us(pid_);
  asio::co_spawn(loop, drain(errors_), [](std::exception_ptr) {});
}

int ProxyCommand::take_socket() {
  return std::exchange(socket_, -1);
}

std::string ProxyCommand::last_words() {
  char buffer[1024];
  asio::error_code error;
  for (;;) {
    const auto got = errors_->pipe.read_some(asio::buffer(buffer), error);
    if (error || got == 0) break;
    errors_->take(buffer, got);
  }
  auto text = errors_->text;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

ProxyCommand::~ProxyCommand() {
  asio::error_code ignored;
  errors_->pipe.close(ignored);
  if (socket_ >= 0) ::close(socket_);
  end_process(pid_);
}

}  // namespace cctl
