// HTTP and HTTPS, one blocking request at a time per thread; connections are kept. Redirections are the caller's: a
// login must not go along with them.
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
  long idle_timeout = 60;       // seconds in which fewer bytes come or go than
  long least_speed = 1;         // so many a second
  long deadline = 0;            // seconds for all of it; 0: as long as bytes come
  std::size_t limit = 8 << 20;  // of a body that is kept
};

struct WebReply {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; of one that came more than once all, with commas
  std::string body;

  std::string header(const std::string& name) const;
};

// No answer.
class WebError : public Error {
 public:
  // tls: what answered does not speak TLS as we want it; certificate: it does, but nobody we know vouches for it.
  enum class Kind { network, tls, certificate };
  explicit WebError(const std::string& text, Kind kind = Kind::network) : Error(text), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
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
