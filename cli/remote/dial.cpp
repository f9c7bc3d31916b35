// TCP to a host: name resolution on a thread, addresses in turn.
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/ip/tcp.hpp>
#include <cstring>

#include "remote/login.hpp"

namespace cctl {
namespace {

using asio::ip::tcp;

std::vector<tcp::endpoint> resolve(const std::string& address, int port, int family) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = family;
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

int family_of(const std::string& word) {
  return word == "inet" ? AF_INET : word == "inet6" ? AF_INET6 : AF_UNSPEC;
}

Task<std::vector<tcp::endpoint>> endpoints_of(std::shared_ptr<Core> core, std::string address, int port, int family) {
  asio::error_code error;
  const auto literal = asio::ip::make_address(address, error);
  if (!error) co_return std::vector<tcp::endpoint>(1, tcp::endpoint(literal, static_cast<unsigned short>(port)));
  auto work = [address, port, family] { return resolve(address, port, family); };
  co_return co_await core->threads.run(work);
}

// BindAddress: the address of ours that the connection comes from.
void bind_to(tcp::socket& socket, const std::vector<tcp::endpoint>& ours, const tcp::endpoint& theirs,
             asio::error_code& error) {
  for (const auto& one : ours) {
    if (one.protocol() != theirs.protocol()) continue;
    socket.open(theirs.protocol(), error);
    if (!error) socket.bind(one, error);
    return;
  }
  error = asio::error::address_family_not_supported;
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

Task<int> dial(std::shared_ptr<Core> core, Target target) {
  const int family = family_of(target.family);
  const auto endpoints = co_await endpoints_of(core, target.address, target.port, family);
  std::vector<tcp::endpoint> ours;
  if (!target.bind_address.empty()) ours = co_await endpoints_of(core, target.bind_address, 0, family);
  asio::error_code error;
  for (const auto& endpoint : endpoints) {
    tcp::socket socket(core->loop);
    error.clear();
    if (!ours.empty()) bind_to(socket, ours, endpoint, error);
    if (error) continue;
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (error) continue;
    set_options(socket.native_handle());
    co_return socket.release();
  }
  throw Unreachable(in_words(error) + (ours.empty() ? "" : " (from BindAddress " + target.bind_address + ")"));
}

}  // namespace cctl
