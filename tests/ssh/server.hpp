// Small servers of our own for probes, and probes of them.
#pragma once
#include <poll.h>

#include <atomic>
#include <functional>

#include "run.hpp"

namespace cctl::test {

// Answers each connection with what `answer` makes of what was first read, then closes; where "hang" ends it, says what
// stands before that, and never closes.
struct Server {
  Listener listener;
  std::function<std::string(const std::string&)> answer;
  std::atomic<int> connections{0};
  std::atomic<bool> over{false};
  std::thread thread;

  explicit Server(std::function<std::string(const std::string&)> a)
      : answer(std::move(a)), thread([this] { serve(); }) {}
  ~Server() {
    over = true;
    thread.join();
  }
  void serve() {
    std::vector<int> hanging;
    while (!over) {
      pollfd ready{listener.fd, POLLIN, 0};
      if (::poll(&ready, 1, 20) <= 0) continue;
      const int fd = ::accept(listener.fd, nullptr, nullptr);
      ++connections;
      char buffer[4096];
      pollfd data{fd, POLLIN, 0};
      // A probe that asks nothing just goes away.
      const auto got = ::poll(&data, 1, 2000) > 0 ? ::recv(fd, buffer, sizeof buffer, 0) : 0;
      const auto text = got > 0 ? answer(std::string(buffer, static_cast<std::size_t>(got))) : "";
      if (text.ends_with("hang")) {
        ::send(fd, text.data(), text.size() - 4, MSG_NOSIGNAL);
        hanging.push_back(fd);
        continue;
      }
      ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
      ::close(fd);
    }
    for (const int fd : hanging) ::close(fd);
  }
};

inline Probe probe(ProbeKind kind, int port) {
  Probe p;
  p.name = "p";
  p.kind = kind;
  p.address = "127.0.0.1";
  p.port = port;
  return p;
}

inline std::string http(const std::string& status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         headers + "\r\n" + body;
}

// The question back with two A records, or NXDOMAIN for names that begin with "missing".
inline std::string dns_server(const std::string& asked) {
  auto message = asked.substr(2);
  const bool missing = message.find("missing") != std::string::npos;
  message[2] = static_cast<char>(0x81);
  message[3] = static_cast<char>(missing ? 0x83 : 0x80);
  if (!missing) {
    message[7] = 2;
    for (const char last : {9, 8}) message += std::string("\xc0\x0c\0\1\0\1\0\0\0\5\0\4\x0a\0\0", 15) + last;
  }
  return std::string{static_cast<char>(message.size() >> 8), static_cast<char>(message.size() & 255)} + message;
}

}  // namespace cctl::test
