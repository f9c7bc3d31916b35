// HTTP/1.1 answers out of a byte stream, for requests that were sent one behind the other on one connection.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "remote/http.hpp"

namespace cctl {

// The request as it goes over the wire, on a connection that is closed after its answer.
std::string http_request_text(const HttpRequest& request);

class HttpReader {
 public:
  // An answer of no known length ends with its connection: end() says when that is. Otherwise it is an error.
  explicit HttpReader(bool ends_with_connection = false) : ends_with_connection_(ends_with_connection) {}
  void end() { ended_ = true; }
  void feed(std::string_view bytes) { rest_.append(bytes); }
  // The next whole answer, when there is one. Throws Error for what is not HTTP or has no known length.
  std::optional<HttpReply> next();

 private:
  // Where the body at `from` ends, with the bytes put into `body`; npos while it is not whole.
  std::size_t chunked(std::size_t from, std::string& body) const;
  std::string rest_;
  bool ends_with_connection_, ended_ = false;
};

}  // namespace cctl
