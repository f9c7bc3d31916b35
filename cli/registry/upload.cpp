#include "registry/upload.hpp"

#include <fmt/format.h>

#include "model/error.hpp"

namespace cctl {
namespace {

constexpr std::size_t piece_size = 8 << 20;  // a blob up to this size takes one request

}  // namespace

Upload::Upload(Registry& to, std::string repository, Blob blob)
    : to_(to), repository_(std::move(repository)), blob_(std::move(blob)) {}

Upload::~Upload() {
  if (location_.empty()) return;
  WebRequest cancel;
  cancel.method = "DELETE";
  cancel.url = location_;
  try {
    to_.send(repository_, Right::push, std::move(cancel));
  } catch (const Error&) {
    // The registry forgets it by itself after a while.
  }
}

void Upload::write(std::string_view bytes) {
  if (sent_ + static_cast<long long>(piece_.size() + bytes.size()) > blob_.size)
    throw Error("the blob " + blob_.digest + " of " + repository_ + " is longer than its manifest says");
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece_size - piece_.size());
    piece_.append(part);
    bytes.remove_prefix(part.size());
    if (piece_.size() == piece_size && sent_ + static_cast<long long>(piece_size) < blob_.size) send_piece();
  }
}

void Upload::begin() {
  WebRequest request;
  request.method = "POST";
  const std::string asked = request.url = to_.url(repository_, "blobs/uploads/");
  const WebReply reply = to_.ask(repository_, Right::push, std::move(request));
  if (reply.status != 202) to_.refuse(reply, "a blob of " + repository_, Right::push);
  location_ = to_.location_in(reply, asked);
}

// Not tried again here: only from its beginning can an upload be repeated.
WebReply Upload::pushed(WebRequest request) {
  try {
    WebReply reply = to_.send(repository_, Right::push, std::move(request));
    if (reply.status / 100 != 2) to_.refuse(reply, "the blob " + blob_.digest + " of " + repository_, Right::push);
    return reply;
  } catch (const WebError& e) {
    throw WebError(fmt::format("{} does not take the blob {}: {}", to_.name(), blob_.digest, e.what()), e.kind());
  }
}

void Upload::send_piece() {
  if (location_.empty()) begin();
  WebRequest request;
  request.method = "PATCH";
  request.url = location_;
  const long long end = sent_ + static_cast<long long>(piece_.size());
  request.headers = {"Content-Type: application/octet-stream", fmt::format("Content-Range: {}-{}", sent_, end - 1)};
  request.body = std::move(piece_);
  piece_.clear();
  location_ = to_.location_in(pushed(std::move(request)), location_);
  sent_ = end;
}

void Upload::finish() {
  if (location_.empty()) begin();
  WebRequest request;
  request.method = "PUT";
  request.url =
      location_ + (location_.find('?') == std::string::npos ? "?" : "&") + "digest=" + percent_encoded(blob_.digest);
  request.headers = {"Content-Type: application/octet-stream"};
  request.body = std::move(piece_);
  pushed(std::move(request));
  location_.clear();
}

}  // namespace cctl
