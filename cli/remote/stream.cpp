#include "remote/stream.hpp"

#include <unistd.h>

#include <asio/detached.hpp>
#include <asio/write.hpp>

#include "remote/script.hpp"

namespace cctl {
namespace {

Task<void> upwards(LocalSocket& socket, Channel& channel) {
  std::string buffer(32 * 1024, '\0');
  for (;;) {
    const auto got = co_await socket.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    co_await channel.write(std::string_view(buffer).substr(0, got));
  }
}

Task<void> downwards(LocalSocket& socket, Channel& channel) {
  for (;;) {
    const auto data = co_await channel.read();
    if (data.empty()) co_return;
    co_await asio::async_write(socket, asio::buffer(data), asio::use_awaitable);
  }
}

struct WhileOpening {
  int& count;
  explicit WhileOpening(int& c) : count(c) { ++count; }
  ~WhileOpening() { --count; }
  WhileOpening(const WhileOpening&) = delete;
  WhileOpening& operator=(const WhileOpening&) = delete;
};

}  // namespace

Task<std::string> splice(LocalSocket socket, std::unique_ptr<Channel> channel, std::shared_ptr<Signal> end) {
  channel->streams();
  std::vector<Task<void>> ways;
  auto woken = [](std::shared_ptr<Signal> signal) -> Task<void> { co_await signal->wait(); };
  if (end) ways.push_back(woken(end));
  ways.push_back(upwards(socket, *channel));
  ways.push_back(downwards(socket, *channel));
  auto& loop = channel->session().loop();
  try {
    co_await together(loop, std::move(ways), Until::first_ends);
  } catch (const std::exception&) {
    // A reset by either side is an end like any other; who reads the other side sees it close.
  }
  if (channel->overflowed())
    throw Error("more than " + std::to_string(channel->limit >> 20) + " MiB came faster than they could be read", 3);
  co_return std::move(channel->err);
}

Tunnel::Tunnel(std::shared_ptr<Core> core, Open open, std::function<int()> at_once)
    : core_(std::move(core)),
      open_(std::move(open)),
      at_once_(std::move(at_once)),
      path_(core_->socket_path()),
      acceptor_(core_->loop),
      freed_(core_->loop),
      dropped_(std::make_shared<Signal>(core_->loop)) {
  const asio::local::stream_protocol::endpoint endpoint(path_);
  acceptor_.open(endpoint.protocol());
  acceptor_.bind(endpoint);
  acceptor_.listen();
}

Tunnel::~Tunnel() {
  ::unlink(path_.c_str());
}

void Tunnel::start() {
  auto run = [](std::shared_ptr<Tunnel> self) -> Task<void> { co_await self->accept_all(); };
  asio::co_spawn(core_->loop, run(shared_from_this()), asio::detached);
}

void Tunnel::stop() {
  stopped_ = true;
  asio::error_code ignored;
  acceptor_.close(ignored);
  freed_.wake();
}

Task<void> Tunnel::accept_all() {
  auto handle = [](std::shared_ptr<Tunnel> self, LocalSocket socket) -> Task<void> {
    co_await self->serve(std::move(socket));
  };
  while (!stopped_) {
    if (active_ >= at_once_()) {
      co_await freed_.wait();
      continue;
    }
    asio::error_code error;
    LocalSocket socket(core_->loop);
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    ++active_;
    asio::co_spawn(core_->loop, handle(shared_from_this(), std::move(socket)), asio::detached);
  }
}

Task<void> Tunnel::serve(LocalSocket socket) {
  bool opened = false;
  try {
    std::unique_ptr<Channel> channel;
    {
      const WhileOpening opening(opening_);
      channel = co_await open_();
    }
    opened = true;
    const auto said = co_await splice(std::move(socket), std::move(channel), dropped_);
    if (!said.empty()) error_ = first_lines(said);
  } catch (const std::exception& error) {
    error_ = error.what();
    cut_off_ = opened;
    forbidden_ = dynamic_cast<const Forbidden*>(&error) != nullptr;
    const auto* refused = dynamic_cast<const OpenRefused*>(&error);
    prohibited_ = refused && refused->prohibited();
    asio::error_code ignored;
    socket.close(ignored);
  }
  --active_;
  freed_.wake();
}

}  // namespace cctl
