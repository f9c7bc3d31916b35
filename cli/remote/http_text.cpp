#include "remote/http_text.hpp"

#include <algorithm>
#include <charconv>

#include "model/limits.hpp"

namespace cctl {
namespace {

constexpr auto npos = std::string::npos;
constexpr std::size_t longest_size_line = 1024;

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (parsed.ec != std::errc()) throw Error("an HTTP answer has no valid length");
  return value;
}

}  // namespace

std::string http_request_text(const HttpRequest& request) {
  std::string text = request.method + " " + request.path + " HTTP/1.1\r\nHost: " + request.host +
                     "\r\nAccept: */*\r\nConnection: close\r\n";
  if (!request.body.empty() || request.method == "POST")
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

std::optional<HttpReply> HttpReader::next() {
  while (part_ != Part::end && step()) {
  }
  // What is dealt with goes once it is most of what is kept.
  if (at_ > rest_.size() / 2) {
    rest_.erase(0, at_);
    searched_ -= std::min(searched_, at_);
    at_ = 0;
  }
  if (part_ != Part::end) return std::nullopt;
  part_ = Part::head;
  return std::exchange(reply_, {});
}

bool HttpReader::step() {
  switch (part_) {
    case Part::head:
      return head();
    case Part::body:
      return take(0);
    case Part::chunk_size:
      return chunk_size();
    case Part::chunk:
      return take(2);
    case Part::rest:
      return rest();
    case Part::end:
      break;
  }
  return false;
}

bool HttpReader::head() {
  while (!head_.ended()) {
    // Its end may have come in two pieces.
    const auto end = rest_.find("\r\n", std::max(at_, searched_ < 1 ? 0 : searched_ - 1));
    if (end == npos) {
      searched_ = rest_.size();
      if (rest_.size() - at_ > limits::http_head) throw Error("the answer is not HTTP");
      return false;
    }
    head_.add(std::string_view(rest_).substr(at_, end - at_));
    at_ = searched_ = end + 2;
  }
  reply_.status = head_.status();
  reply_.headers = std::move(head_.fields);
  head_ = {};
  if (const auto how = reply_.headers.find("transfer-encoding");
      how != reply_.headers.end() && how->second == "chunked") {
    part_ = Part::chunk_size;
  } else if (const auto length = reply_.headers.find("content-length"); length != reply_.headers.end()) {
    wanted_ = number(length->second, 10);
    room_for(wanted_);
    part_ = wanted_ == 0 ? Part::end : Part::body;
  } else if (ends_with_connection_) {
    part_ = Part::rest;
  } else {
    throw Error("an HTTP answer has no length");
  }
  return true;
}

bool HttpReader::chunk_size() {
  const auto line = rest_.find("\r\n", std::max(at_, searched_ < 1 ? 0 : searched_ - 1));
  if (line == npos) {
    searched_ = rest_.size();
    if (rest_.size() - at_ > longest_size_line) throw Error("an HTTP answer has no valid length");
    return false;
  }
  const auto size = number(std::string_view(rest_).substr(at_, line - at_), 16);
  room_for(size);
  if (size == 0) {
    if (rest_.size() < line + 4) return false;  // no trailers: the engine sends none
    at_ = searched_ = line + 4;
    part_ = Part::end;
    return true;
  }
  at_ = searched_ = line + 2;
  wanted_ = size;
  part_ = Part::chunk;
  return true;
}

bool HttpReader::take(std::size_t after) {
  const auto come = std::min(wanted_, rest_.size() - at_);
  reply_.body.append(rest_, at_, come);
  at_ += come;
  wanted_ -= come;
  if (wanted_ > 0 || rest_.size() - at_ < after) return false;
  at_ += after;
  searched_ = at_;
  part_ = after == 0 ? Part::end : Part::chunk_size;
  return true;
}

bool HttpReader::rest() {
  room_for(rest_.size() - at_);
  reply_.body.append(rest_, at_);
  at_ = searched_ = rest_.size();
  if (ended_) part_ = Part::end;
  return ended_;
}

void HttpReader::room_for(std::size_t size) const {
  if (size > largest_ || reply_.body.size() > largest_ - size)
    throw Error("an HTTP answer is larger than " + std::to_string(largest_ >> 20) + " MiB");
}

}  // namespace cctl
