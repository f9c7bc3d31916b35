#include "remote/http_text.hpp"

#include <charconv>

#include "model/lower_case.hpp"

namespace cctl {
namespace {

constexpr auto npos = std::string::npos;
constexpr std::size_t longest_head = 64 * 1024;

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (parsed.ec != std::errc()) throw Error("an HTTP answer has no valid length");
  return value;
}

HttpReply head_of(std::string_view text) {
  HttpReply reply;
  if (!text.starts_with("HTTP/1.") || text.size() < 12) throw Error("the answer is not HTTP");
  reply.status = static_cast<int>(number(text.substr(9, 3), 10));
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    const auto line = text.substr(0, end);
    text.remove_prefix(end == npos ? text.size() : end + 2);
    const auto colon = line.find(':');
    if (colon == npos) continue;
    const std::string name = lower_case(std::string(line.substr(0, colon)));
    const auto value = line.find_first_not_of(" \t", colon + 1);
    reply.headers[name] = value == npos ? "" : std::string(line.substr(value));
  }
  return reply;
}

}  // namespace

std::string http_request_text(const HttpRequest& request) {
  std::string text = request.method + " " + request.path + " HTTP/1.1\r\nHost: " + request.host +
                     "\r\nAccept: */*\r\nConnection: close\r\n";
  if (!request.body.empty() || request.method == "POST")
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

std::size_t HttpReader::chunked(std::size_t from, std::string& body) const {
  for (;;) {
    const auto line = rest_.find("\r\n", from);
    if (line == npos) return npos;
    const auto size = number(std::string_view(rest_).substr(from, line - from), 16);
    from = line + 2;
    if (size > rest_.size() || rest_.size() - from < size + 2) return npos;
    if (size == 0) return from + 2;  // no trailers: the engine sends none
    body.append(rest_, from, size);
    from += size + 2;
  }
}

std::optional<HttpReply> HttpReader::next() {
  const auto head = rest_.find("\r\n\r\n");
  if (head == npos) {
    if (rest_.size() > longest_head) throw Error("the answer is not HTTP");
    return std::nullopt;
  }
  auto reply = head_of(std::string_view(rest_).substr(0, head));
  auto end = head + 4;
  if (const auto length = reply.headers.find("content-length"); length != reply.headers.end()) {
    const auto size = number(length->second, 10);
    if (rest_.size() - end < size) return std::nullopt;
    reply.body = rest_.substr(end, size);
    end += size;
  } else if (reply.headers["transfer-encoding"] == "chunked") {
    end = chunked(end, reply.body);
    if (end == npos) return std::nullopt;
  } else if (ends_with_connection_) {
    if (!ended_) return std::nullopt;
    reply.body = rest_.substr(end);
    end = rest_.size();
  } else {
    throw Error("an HTTP answer has no length");
  }
  rest_.erase(0, end);
  return reply;
}

}  // namespace cctl
