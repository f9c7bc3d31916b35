#include "remote/http.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>

#include "model/error.hpp"
#include "model/http_head.hpp"

namespace cctl {

// A socket of libcurl's that it wants to be told about.
struct Http::Watch : std::enable_shared_from_this<Watch> {
  Watch(Http& h, int f) : http(&h), fd(f), descriptor(h.loop_, ::dup(f)) {}
  Http* http;  // null once libcurl has lost interest
  int fd;
  asio::posix::stream_descriptor descriptor;
  int wanted = 0;
  bool reading = false, writing = false;

  void arm() {
    arm(CURL_POLL_IN, CURL_CSELECT_IN, reading, asio::posix::stream_descriptor::wait_read);
    arm(CURL_POLL_OUT, CURL_CSELECT_OUT, writing, asio::posix::stream_descriptor::wait_write);
  }
  void arm(int bit, int mask, bool& armed, asio::posix::stream_descriptor::wait_type type) {
    if (armed || !(wanted & bit)) return;
    armed = true;
    descriptor.async_wait(type, [self = shared_from_this(), &armed, bit, mask](const asio::error_code& error) {
      armed = false;
      if (error || !self->http) return;
      if (self->wanted & bit) self->http->act(self->fd, mask);
      if (self->http) self->arm();
    });
  }
};

struct Http::Transfer {
  explicit Transfer(asio::io_context& loop) : done(loop) {}
  CURL* easy = nullptr;
  Signal done;
  bool finished = false, too_long = false;
  CURLcode code = CURLE_OK;
  HttpRequest request;
  HttpHead head;
  HttpReply reply;
  std::exception_ptr error;
  char text[CURL_ERROR_SIZE] = "";

  static size_t body(char* data, size_t one, size_t count, void* user) {
    auto* self = static_cast<Transfer*>(user);
    const std::string_view bytes(data, one * count);
    if (self->reply.status >= 200 && self->reply.status < 300 && self->request.on_data) {
      try {
        self->request.on_data(bytes);
      } catch (...) {
        self->error = std::current_exception();
        return 0;
      }
      return bytes.size();
    }
    self->too_long = self->reply.body.size() + bytes.size() > self->request.limit;
    if (self->too_long) return 0;
    self->reply.body.append(bytes);
    return bytes.size();
  }
  static size_t header(char* data, size_t one, size_t count, void* user) {
    auto* self = static_cast<Transfer*>(user);
    try {
      self->head.add({data, one * count});
    } catch (const Error&) {
      self->error = std::current_exception();
      return 0;
    }
    self->reply.status = self->head.status();
    return one * count;
  }
  curl_slist* set_up();
};

curl_slist* Http::Transfer::set_up() {
  const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, text);
  set(CURLOPT_URL, ((request.tls ? "https://" : "http://") + request.host + request.path).c_str());
  // Asked through the host's own login, of a program whose certificate is its cluster's affair.
  if (request.tls) set(CURLOPT_SSL_VERIFYPEER, 0L), set(CURLOPT_SSL_VERIFYHOST, 0L);
  set(CURLOPT_UNIX_SOCKET_PATH, request.socket.c_str());
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  if (request.silence.count() > 0) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);  // byte in a second
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.silence.count()));
  }
  set(CURLOPT_WRITEFUNCTION, &Transfer::body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &Transfer::header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_FORBID_REUSE, request.once ? 1L : 0L);
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");  // no waiting for "100 Continue"
  const bool posts = request.method == "POST";
  if (posts || !request.body.empty()) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    headers = curl_slist_append(headers, "Content-Type: application/json");
  }
  if (!posts && request.method != "GET") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_HTTPHEADER, headers);
  return headers;
}

Http::Http(asio::io_context& loop) : loop_(loop), timer_(loop) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
  auto* multi = static_cast<CURLM*>(multi_);
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, reinterpret_cast<curl_socket_callback>(&Http::on_socket));
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, reinterpret_cast<curl_multi_timer_callback>(&Http::on_timer));
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 4000L);
}

Http::~Http() {
  *alive_ = false;
  for (auto* easy : idle_) curl_easy_cleanup(easy);
  curl_multi_cleanup(static_cast<CURLM*>(multi_));
  for (auto& [fd, watch] : watches_) watch->http = nullptr;
}

int Http::on_socket(void*, int fd, int what, void* user, void*) {
  auto* self = static_cast<Http*>(user);
  if (what == CURL_POLL_REMOVE) {
    const auto found = self->watches_.find(fd);
    if (found == self->watches_.end()) return 0;
    found->second->http = nullptr;
    asio::error_code ignored;
    found->second->descriptor.close(ignored);
    self->watches_.erase(found);
    return 0;
  }
  auto& watch = self->watches_[fd];
  if (!watch) watch = std::make_shared<Watch>(*self, fd);
  watch->wanted = what;
  watch->arm();
  return 0;
}

int Http::on_timer(void*, long milliseconds, void* user) {
  auto* self = static_cast<Http*>(user);
  if (milliseconds < 0) {
    self->timer_.cancel();
    return 0;
  }
  self->timer_.expires_after(std::chrono::milliseconds(milliseconds));
  self->timer_.async_wait([self, alive = self->alive_](const asio::error_code& error) {
    if (!error && *alive) self->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void Http::act(int fd, int mask) {
  int running = 0;
  curl_multi_socket_action(static_cast<CURLM*>(multi_), fd, mask, &running);
  collect();
}

void Http::collect() {
  int left = 0;
  while (auto* message = curl_multi_info_read(static_cast<CURLM*>(multi_), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    char* user = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
    auto* transfer = reinterpret_cast<Transfer*>(user);
    transfer->code = message->data.result;
    transfer->finished = true;
    transfer->done.wake();
  }
}

Task<HttpReply> Http::send(HttpRequest request) {
  Transfer transfer(loop_);
  transfer.request = std::move(request);
  transfer.easy = idle_.empty() ? curl_easy_init() : idle_.back();
  if (!idle_.empty()) idle_.pop_back();
  // Leaves the multi in every case, also when this coroutine is cancelled or destroyed.
  struct Use {
    Http& http;
    std::shared_ptr<bool> alive;
    CURL* easy;
    curl_slist* headers;
    ~Use() {
      if (*alive) curl_multi_remove_handle(static_cast<CURLM*>(http.multi_), easy);
      curl_easy_reset(easy);
      curl_slist_free_all(headers);
      if (*alive && http.idle_.size() < 64)
        http.idle_.push_back(easy);
      else
        curl_easy_cleanup(easy);
    }
  } use{*this, alive_, transfer.easy, transfer.set_up()};
  curl_multi_add_handle(static_cast<CURLM*>(multi_), transfer.easy);
  while (!transfer.finished) co_await transfer.done.wait();
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (transfer.too_long) throw Error("the answer is too long");
  double took = 0;  // seconds
  curl_easy_getinfo(transfer.easy, CURLINFO_TOTAL_TIME, &took);
  const auto limit = transfer.request.timeout.count();
  const bool in_time = limit == 0 || took * 1000 < static_cast<double>(limit);
  if (transfer.code == CURLE_OPERATION_TIMEDOUT && in_time)
    throw Error("nothing came for " + std::to_string(transfer.request.silence.count()) + " s");
  if (transfer.code == CURLE_OPERATION_TIMEDOUT)
    throw Error("no answer in " + std::to_string(transfer.request.timeout.count() / 1000) + " s");
  if (transfer.code != CURLE_OK) throw Error(transfer.text[0] ? transfer.text : curl_easy_strerror(transfer.code));
  transfer.reply.headers = std::move(transfer.head.fields);
  co_return std::move(transfer.reply);
}

}  // namespace cctl
