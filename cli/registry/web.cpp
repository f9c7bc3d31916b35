#include "registry/web.hpp"

#include <curl/curl.h>

#include <cstdlib>
#include <exception>
#include <memory>

#include "model/http_head.hpp"
#include "registry/excerpt.hpp"
#include "registry/origin.hpp"

namespace cctl {
namespace {

constexpr long connect_timeout = 10;  // seconds

struct Transfer {
  const WebRequest& request;
  WebReply reply;
  std::exception_ptr error;
  HttpHead head;
  std::string fault;  // of its head
  bool too_long = false;
};

WebError::Kind kind_of(CURLcode code) {
  if (code == CURLE_SSL_CONNECT_ERROR) return WebError::Kind::tls;
  return code == CURLE_PEER_FAILED_VERIFICATION ? WebError::Kind::certificate : WebError::Kind::network;
}

size_t take_body(char* data, size_t one, size_t count, void* user) {
  auto& t = *static_cast<Transfer*>(user);
  const std::string_view bytes(data, one * count);
  if (t.request.sink && t.reply.status >= 200 && t.reply.status < 300) {
    try {
      t.request.sink(t.reply.status, bytes);
    } catch (...) {
      t.error = std::current_exception();
      return 0;
    }
    return bytes.size();
  }
  t.too_long = t.reply.body.size() + bytes.size() > t.request.limit;
  if (t.too_long) return 0;
  t.reply.body.append(bytes);
  return bytes.size();
}

size_t take_header(char* data, size_t one, size_t count, void* user) {
  auto& t = *static_cast<Transfer*>(user);
  const std::string_view line(data, one * count);
  try {
    t.head.add(line);
  } catch (const Error& e) {
    t.fault = e.what();
    return 0;
  }
  t.reply.status = t.head.status();
  return line.size();
}

curl_slist* set_up(CURL* easy, Transfer& t, char* text) {
  const WebRequest& r = t.request;
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_ERRORBUFFER, text);
  set(CURLOPT_URL, r.url.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, connect_timeout);
  set(CURLOPT_LOW_SPEED_LIMIT, r.least_speed);
  set(CURLOPT_LOW_SPEED_TIME, r.idle_timeout);
  set(CURLOPT_TIMEOUT, r.deadline);
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &t);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &t);
  set(CURLOPT_USERAGENT, "clusterctl");
  set(CURLOPT_PROTOCOLS_STR, "https,http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // As other programs find the authorities they trust.
  if (const char* file = std::getenv("SSL_CERT_FILE"); file && *file) set(CURLOPT_CAINFO, file);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!r.socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, r.socket.c_str());
  // What stays on this machine goes through no proxy.
  const auto origin = origin_of(r.url);
  if (!r.socket.empty() || (origin && is_loopback(origin->host))) set(CURLOPT_NOPROXY, "*");
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");  // no waiting for "100 Continue"
  if (r.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (r.method != "GET") {
    set(CURLOPT_POSTFIELDS, r.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(r.body.size()));
    set(CURLOPT_CUSTOMREQUEST, r.method.c_str());
    headers = curl_slist_append(headers, "Content-Type:");  // libcurl's own guess; the caller's comes after
  }
  for (const std::string& header : r.headers) headers = curl_slist_append(headers, header.c_str());
  set(CURLOPT_HTTPHEADER, headers);
  return headers;
}

}  // namespace

std::string WebReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Web::Web() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

Web::~Web() {
  for (void* handle : idle_) curl_easy_cleanup(handle);
}

void* Web::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return curl_easy_init();
  void* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void Web::give_back(void* handle) {
  curl_easy_reset(handle);
  const std::lock_guard lock(mutex_);
  idle_.push_back(handle);
}

WebReply Web::send(const WebRequest& request) {
  for (const std::string& header : request.headers)
    if (header.find_first_of(std::string("\r\n\0", 3)) != std::string::npos)
      throw Error("a header with a line end in it is not sent");
  void* easy = take();
  Transfer transfer{request, {}, nullptr, {}, {}, false};
  char text[CURL_ERROR_SIZE] = "";
  curl_slist* headers = set_up(easy, transfer, text);
  const CURLcode code = curl_easy_perform(easy);
  curl_slist_free_all(headers);
  give_back(easy);
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (transfer.too_long) throw WebError("the answer is too long");
  if (!transfer.fault.empty()) throw WebError(excerpt(transfer.fault));
  if (code != CURLE_OK) throw WebError(excerpt(text[0] ? text : curl_easy_strerror(code)), kind_of(code));
  transfer.reply.headers = std::move(transfer.head.fields);
  return std::move(transfer.reply);
}

}  // namespace cctl
