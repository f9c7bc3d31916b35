#include "registry/web.hpp"

#include <curl/curl.h>

#include <exception>
#include <memory>

#include "model/lower_case.hpp"

namespace cctl {
namespace {

constexpr long connect_timeout = 10;  // seconds
constexpr long most_redirects = 5;

struct Transfer {
  const WebRequest& request;
  WebReply reply;
  std::exception_ptr error;
  bool too_long = false;
};

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
  const std::string line(data, one * count);
  if (line.starts_with("HTTP/")) {  // a redirection is followed by another answer
    t.reply = {};
    if (const auto space = line.find(' '); space != std::string::npos) t.reply.status = std::atol(line.c_str() + space);
  } else if (const auto colon = line.find(':'); colon != std::string::npos) {
    const std::string name = lower_case(line.substr(0, colon));
    const auto from = line.find_first_not_of(" \t", colon + 1), to = line.find_last_not_of(" \t\r\n");
    std::string& value = t.reply.headers[name];
    if (from <= to && from != std::string::npos)
      value += (value.empty() ? "" : ", ") + line.substr(from, to - from + 1);
  }
  return line.size();
}

curl_slist* set_up(CURL* easy, Transfer& t, char* text) {
  const WebRequest& r = t.request;
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_ERRORBUFFER, text);
  set(CURLOPT_URL, r.url.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, connect_timeout);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, r.idle_timeout);
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &t);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &t);
  set(CURLOPT_USERAGENT, "clusterctl");
  const bool https = r.url.starts_with("https:");
  set(CURLOPT_PROTOCOLS_STR, https ? "https" : "http");
  set(CURLOPT_REDIR_PROTOCOLS_STR, https ? "https" : "http,https");  // never from https down to http
  set(CURLOPT_FOLLOWLOCATION, r.follow ? 1L : 0L);
  set(CURLOPT_MAXREDIRS, most_redirects);
  if (!r.socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, r.socket.c_str());
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
  void* easy = take();
  Transfer transfer{request, {}, nullptr, false};
  char text[CURL_ERROR_SIZE] = "";
  curl_slist* headers = set_up(easy, transfer, text);
  const CURLcode code = curl_easy_perform(easy);
  curl_slist_free_all(headers);
  give_back(easy);
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (transfer.too_long) throw WebError("the answer is too long", false);
  if (code != CURLE_OK) throw WebError(text[0] ? text : curl_easy_strerror(code), code == CURLE_SSL_CONNECT_ERROR);
  return std::move(transfer.reply);
}

}  // namespace cctl
