#include "remote/agent.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "model/base64.hpp"
#include "model/error.hpp"

namespace cctl {
namespace {

constexpr char failure = 5, ask_identities = 11, identities_answer = 12, sign_request = 13;
constexpr int patience_ms = 30000;  // a person may have to touch a key

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string bytes_of(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

bool send_message(int fd, const std::string& body) {
  const auto whole = bytes_of(static_cast<std::uint32_t>(body.size())) + body;
  for (std::size_t sent = 0; sent < whole.size();) {
    const auto n = ::send(fd, whole.data() + sent, whole.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<std::string> receive(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) return std::nullopt;
    const auto n = ::recv(fd, bytes.data() + have, size - have, 0);
    if (n <= 0) return std::nullopt;
    have += static_cast<std::size_t>(n);
  }
  return bytes;
}

std::optional<std::string> receive_message(int fd) {
  const auto size = receive(fd, 4);
  if (!size || number(*size) > 256 * 1024) return std::nullopt;
  return receive(fd, number(*size));
}

}  // namespace

AgentFilter::AgentFilter(const std::string& socket_path, const std::set<std::string>& wanted) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) throw Error("the agent's socket path is too long");
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  agent_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::optional<std::string> answer;
  if (::connect(agent_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      send_message(agent_, std::string(1, ask_identities)))
    answer = receive_message(agent_);
  if (!answer || answer->size() < 5 || (*answer)[0] != identities_answer) {
    ::close(agent_);
    throw Error("no ssh-agent answers at " + socket_path);
  }
  std::string_view rest = std::string_view(*answer).substr(5);
  std::string chosen;
  auto take = [&rest]() -> std::optional<std::string_view> {
    if (rest.size() < 4 || rest.size() - 4 < number(rest)) return std::nullopt;
    const auto field = rest.substr(4, number(rest));
    rest.remove_prefix(4 + field.size());
    return field;
  };
  for (auto left = number(std::string_view(*answer).substr(1)); left > 0; --left) {
    const auto key = take(), comment = take();
    if (!key || !comment) break;
    if (!wanted.empty() && !wanted.count(to_base64(*key))) continue;
    for (const auto field : {*key, *comment}) (chosen += bytes_of(static_cast<std::uint32_t>(field.size()))) += field;
    ++count_;
  }
  identities_ = identities_answer + bytes_of(static_cast<std::uint32_t>(count_)) + chosen;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    ::close(agent_);
    throw Error("no socket left for the agent");
  }
  client_ = ends[0];
  server_ = ends[1];
  thread_ = std::thread([this] { serve(); });
}

void AgentFilter::serve() {
  for (;;) {
    const auto request = receive_message(server_);
    if (!request || request->empty()) return;
    std::string reply(1, failure);
    if ((*request)[0] == ask_identities) reply = identities_;
    if ((*request)[0] == sign_request && send_message(agent_, *request)) {
      const auto answer = receive_message(agent_);
      if (!answer) return;
      reply = *answer;
    }
    if (!send_message(server_, reply)) return;
  }
}

void AgentFilter::stop() {
  for (const int fd : {agent_, client_, server_}) ::shutdown(fd, SHUT_RDWR);
}

AgentFilter::~AgentFilter() {
  stop();
  thread_.join();
  for (const int fd : {agent_, client_, server_}) ::close(fd);
}

}  // namespace cctl
