// HTTP by libcurl on the loop, always through a Unix socket (a Tunnel). Connections are kept alive per socket.
#pragma once
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remote/wait.hpp"

namespace cctl {

struct HttpRequest {
  std::string socket;  // path
  std::string host;    // for the Host header: "docker" or "address:port"
  std::string method = "GET";
  std::string path;                      // with its query
  std::string body;                      // JSON when not empty
  std::chrono::milliseconds timeout{0};  // 0 waits for ever
  std::chrono::seconds silence{0};       // ends it when so long nothing came; 0: it may
  std::function<void(std::string_view)>
      on_data;                                // given the body of a 2xx answer as it comes; it is then not collected
  std::size_t limit = std::size_t{64} << 20;  // bytes of body
  bool tls = false;                           // https; a certificate of anybody's will do
  bool once = false;                          // the connection is not kept for another request
};

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Http {
 public:
  explicit Http(asio::io_context& loop);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // Redirects are not followed. Throws Error with libcurl's reason; an exception of on_data comes out here.
  Task<HttpReply> send(HttpRequest request);

 private:
  struct Watch;
  struct Transfer;
  static int on_socket(void* easy, int fd, int what, void* self, void* watch);
  static int on_timer(void* multi, long milliseconds, void* self);
  void act(int fd, int mask);
  void collect();

  asio::io_context& loop_;
  void* multi_;
  asio::steady_timer timer_;
  std::map<int, std::shared_ptr<Watch>> watches_;
  std::vector<void*> idle_;  // easy handles to use again
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace cctl
