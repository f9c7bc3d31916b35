// TCP to a host: name resolution on the pool, addresses in turn.
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/ip/tcp.hpp>

#include "remote/login.hpp"

namespace cctl {
namespace {

using asio::ip::tcp;

std::vector<tcp::endpoint> resolve(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) throw Unreachable("the name " + address + " cannot be resolved: " + ::gai_strerror(error));
  std::vector<tcp::endpoint> result;
  for (auto* one = found; one; one = one->ai_next) {
    tcp::endpoint endpoint;
    endpoint.resize(one->ai_addrlen);
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    result.push_back(endpoint);
  }
  ::freeaddrinfo(found);
  return result;
}

void set_options(int fd) {
  auto set = [fd](int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  // A host that loses power is noticed within half a minute, whether we are sending or waiting.
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(IPPROTO_TCP, TCP_KEEPCNT, 4);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
}

std::string in_words(const asio::error_code& error) {
  if (error == asio::error::connection_refused) return "connection refused";
  if (error == asio::error::host_unreachable) return "no route to host";
  auto text = error.message();
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

Task<int> dial(std::shared_ptr<Core> core, std::string address, int port) {
  asio::error_code error;
  const auto literal = asio::ip::make_address(address, error);
  std::vector<tcp::endpoint> endpoints;
  if (!error) {
    endpoints.emplace_back(literal, static_cast<unsigned short>(port));
  } else {
    auto work = [address, port] { return resolve(address, port); };
    endpoints = co_await on_pool(core->loop, core->pool, work);
  }
  for (const auto& endpoint : endpoints) {
    tcp::socket socket(core->loop);
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (error) continue;
    set_options(socket.native_handle());
    co_return socket.release();
  }
  throw Unreachable(in_words(error));
}

}  // namespace cctl
