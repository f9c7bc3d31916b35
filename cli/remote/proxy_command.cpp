#include "remote/proxy_command.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstdlib>
#include <utility>
#include <vector>

#include "model/absence.hpp"
#include "remote/wait.hpp"

namespace cctl {
namespace {

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
  const char* named = std::getenv("SHELL");
  const std::string shell = named && *named ? named : "/bin/sh";
  const std::vector<std::string> argv = {shell, "-c", "exec " + command};
  group_ = std::make_unique<ProcessGroup>(argv, ProcessGroup::Streams{streams[1], streams[1], errors[1]});
  ::close(streams[1]);
  ::close(errors[1]);
  if (group_->failure() != 0) {
    ::close(socket_);
    throw NoAccess("ProxyCommand: the shell " + shell + " cannot be started");
  }
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
}

}  // namespace cctl
