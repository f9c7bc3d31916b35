// HTTP/1.1 answers out of a byte stream, for requests that were sent one behind the other on one connection. Every byte
// is looked at once, however small the pieces are that it comes in.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/http_head.hpp"
#include "remote/http.hpp"

namespace cctl {

// The request as it goes over the wire, on a connection that is closed after its answer.
std::string http_request_text(const HttpRequest& request);

class HttpReader {
 public:
  // `largest`: bytes of a body beyond which an answer is no answer.
  explicit HttpReader(std::size_t largest = std::size_t{64} << 20) : largest_(largest) {}
  // An answer of no known length ends with its connection: end() says when that is. Otherwise it is an error.
  void ends_with_connection() { ends_with_connection_ = true; }
  void end() { ended_ = true; }
  void feed(std::string_view bytes) { rest_.append(bytes); }
  // The next whole answer, when there is one. Throws Error for what is not HTTP, has no known length or is too large.
  std::optional<HttpReply> next();

 private:
  enum class Part { head, body, chunk_size, chunk, rest, end };
  // One step on; false while there are too few bytes for it.
  bool step();
  bool head();
  bool chunk_size();
  bool rest();
  // `size` bytes for the body, as far as they have come.
  bool take(std::size_t after);
  void room_for(std::size_t size) const;

  std::size_t largest_;
  std::string rest_;          // what came, up to at_ dealt with
  std::size_t at_ = 0;        // up to here it is dealt with
  std::size_t searched_ = 0;  // up to here no line ends
  std::size_t wanted_ = 0;    // bytes that the body, or its chunk, still lacks
  Part part_ = Part::head;
  HttpHead head_;
  HttpReply reply_;
  bool ends_with_connection_ = false, ended_ = false;
};

}  // namespace cctl
