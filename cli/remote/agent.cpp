#include "remote/agent.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstring>

#include "remote/wait.hpp"

namespace cctl {
namespace {

using LocalSocket = asio::local::stream_protocol::socket;

constexpr char failure = 5, ask_identities = 11, identities_answer = 12, sign_request = 13, sign_answer = 14;
constexpr std::size_t longest_message = 256 * 1024;
constexpr int patience_ms = 60000;  // for a thread that nobody waits for any more

std::size_t length(const std::string& head) {
  std::size_t size = 0;
  for (const char c : head) size = size << 8 | static_cast<unsigned char>(c);
  return size;
}

std::string receive(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) return "";
    const auto n = ::recv(fd, bytes.data() + have, size - have, 0);
    if (n <= 0) return "";
    have += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace

std::vector<AgentKey> list_agent(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) throw Error("the agent's socket path is too long");
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto question = u32(1) + ask_identities;
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(question.size())) {
    const auto head = receive(fd, 4);
    if (!head.empty() && length(head) > 0 && length(head) <= longest_message) answer = receive(fd, length(head));
  }
  ::close(fd);
  if (answer.empty()) throw Error("no ssh-agent answers at " + socket_path);
  const auto keys =
      answer[0] == identities_answer ? parse_identities(std::string_view(answer).substr(1)) : std::nullopt;
  if (!keys) throw Error("the ssh-agent at " + socket_path + " does not tell its keys");
  return *keys;
}

struct AgentRelay::State {
  State(asio::io_context& loop, int fd) : server(loop, asio::local::stream_protocol(), fd), agent(loop) {}
  LocalSocket server, agent;
  std::string path, identities, signer;
  bool refused = false;  // the last request for a signature
  std::function<void(bool)> signing;
};

namespace {

Task<std::string> read_message(LocalSocket& socket) {
  std::string head(4, '\0');
  co_await asio::async_read(socket, asio::buffer(head), asio::use_awaitable);
  if (length(head) == 0 || length(head) > longest_message) throw Error("no message of an agent");
  std::string body(length(head), '\0');
  co_await asio::async_read(socket, asio::buffer(body), asio::use_awaitable);
  co_return body;
}

Task<void> write_message(LocalSocket& socket, std::string body) {
  const auto whole = field(body);
  co_await asio::async_write(socket, asio::buffer(whole), asio::use_awaitable);
}

// The request with the key that the agent knows in place of the one that was shown.
std::string for_signer(std::string_view request, const std::string& signer) {
  auto rest = request.substr(1);
  if (!take_field(rest)) return std::string(request);
  return std::string(1, sign_request) + field(signer) + std::string(rest);
}

template <class State>
Task<std::string> signature(State& state, std::string request) {
  state.agent.close();
  co_await state.agent.async_connect(asio::local::stream_protocol::endpoint(state.path), asio::use_awaitable);
  auto question = for_signer(request, state.signer);
  co_await write_message(state.agent, std::move(question));
  co_return co_await read_message(state.agent);
}

template <class State>
Task<void> serve(std::shared_ptr<State> state) {
  for (;;) {
    auto request = co_await read_message(state->server);
    std::string reply(1, failure);
    if (request[0] == ask_identities) reply = state->identities;
    if (request[0] == sign_request) {
      if (state->signing) state->signing(true);
      try {
        reply = co_await signature(*state, std::move(request));
      } catch (const std::exception&) {
        // an agent that has gone away does not sign either
      }
      if (state->signing) state->signing(false);
      state->refused = reply[0] != sign_answer;
    }
    co_await write_message(state->server, std::move(reply));
  }
}

}  // namespace

AgentRelay::AgentRelay(asio::io_context& loop, const std::string& socket_path) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw Error("no socket left for the agent");
  client_ = ends[0];
  state_ = std::make_shared<State>(loop, ends[1]);
  state_->path = socket_path;
  asio::co_spawn(loop, serve(state_), [](std::exception_ptr) {});
}

void AgentRelay::show(const AgentKey& shown, const std::string& signer) {
  state_->identities = identities_answer + identities_body(shown);
  state_->signer = signer;
  state_->refused = false;
}

void AgentRelay::on_signing(std::function<void(bool)> told) {
  state_->signing = std::move(told);
}

bool AgentRelay::refused() const {
  return state_->refused;
}

AgentRelay::~AgentRelay() {
  state_->signing = nullptr;
  asio::error_code ignored;
  state_->server.close(ignored);
  state_->agent.close(ignored);
  ::shutdown(client_, SHUT_RDWR);  // whoever reads a duplicate of it is woken
  ::close(client_);
}

}  // namespace cctl
