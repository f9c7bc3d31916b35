// HTTP and HTTPS, one blocking request at a time per thread; connections are kept. The only user of libcurl here.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"

namespace cctl {

struct WebRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  // Gets the bytes of an answer with status 2xx as they come; without it they are in WebReply::body.
  std::function<void(long status, std::string_view bytes)> sink;
  std::string socket;           // a Unix socket to connect to instead of the URL's host
  bool follow = false;          // redirections, without our Authorization when they lead to another host
  long idle_timeout = 60;       // seconds without a byte
  std::size_t limit = 8 << 20;  // of a body that is kept
};

struct WebReply {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

// No answer. `tls`: what answered does not speak TLS as we want it.
class WebError : public Error {
 public:
  WebError(const std::string& text, bool tls) : Error(text), tls_(tls) {}
  bool tls() const { return tls_; }

 private:
  bool tls_;
};

// May be used by several threads at once.
class Web {
 public:
  Web();
  ~Web();
  Web(const Web&) = delete;
  Web& operator=(const Web&) = delete;

  // Any status is an answer; throws WebError when there is none, and what the sink throws.
  WebReply send(const WebRequest& request);

 private:
  void* take();
  void give_back(void* handle);

  std::mutex mutex_;
  std::vector<void*> idle_;  // CURL*
};

}  // namespace cctl
