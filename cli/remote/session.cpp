#include "remote/session.hpp"

#include <fcntl.h>
#include <libssh/server.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "apply/log.hpp"
#include "remote/not_ssh.hpp"
#include "remote/probe_talk.hpp"

namespace cctl {
namespace {

bool number_after(std::string_view text, std::string_view words, unsigned& number, std::string_view& rest) {
  const auto at = text.find(words);
  if (at == std::string_view::npos) return false;
  const char* begin = text.data() + at + words.size();
  const auto parsed = std::from_chars(begin, text.data() + text.size(), number);
  rest = {parsed.ptr, static_cast<std::size_t>(text.data() + text.size() - parsed.ptr)};
  return parsed.ec == std::errc();
}

// Tells whether a descriptor number still means the same socket.
ino_t inode_of(int fd) {
  struct stat about = {};
  return ::fstat(fd, &about) == 0 ? about.st_ino : 0;
}

}  // namespace

Exchange::Exchange(Session& session) : session_(session.shared_from_this()) {
  if (session_->exchanges_open_++ > 0) return;
  ++session_->traffic_->exchanges;
  if (session_->silence_ && session_->alive()) session_->silence_->begin();
}
Exchange::~Exchange() {
  if (--session_->exchanges_open_ == 0 && session_->silence_) session_->silence_->end();
}

Session::Session(asio::io_context& loop, int fd, std::shared_ptr<HostTraffic> traffic, std::shared_ptr<void> keep)
    : loop_(loop),
      fd_(fd),
      session_(ssh_new()),
      socket_(loop),
      traffic_(std::move(traffic)),
      keep_(std::move(keep)),
      changed_(loop),
      session_ended_(loop) {
  if (!session_) throw std::bad_alloc();
  const int no = 0;
  ssh_options_set(session_, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(session_, SSH_OPTIONS_FD, &fd_);
  // Our own check reads known_hosts once for all hosts; libssh would parse it twice for each.
  ssh_options_set(session_, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  ssh_options_set(session_, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  ssh_set_blocking(session_, 0);
  ssh_set_counters(session_, &sent_, &received_);
  // A descriptor of its own: libssh closes the one it was given when the connection breaks, and leaves it open
  // otherwise.
  socket_.assign(::dup(fd_));
  inode_ = inode_of(fd_);
}

Session::~Session() {
  for (auto& orphan : orphans_) ssh_channel_free(orphan.channel);
  if (event_) {
    ssh_event_remove_session(event_, session_);
    ssh_event_free(event_);
  }
  if (ssh_is_connected(session_)) ssh_disconnect(session_);
  count_bytes();
  ssh_free(session_);
  if (inode_of(fd_) == inode_) ::close(fd_);
  asio::error_code ignored;
  socket_.close(ignored);
}

void Session::shut_socket() {
  ::shutdown(socket_.native_handle(), SHUT_RDWR);
}

void Session::end() {
  broke("it was closed by us");
  shut_socket();
}

void Session::rearm_quickack() {
  const int yes = 1;
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
}

Task<void> Session::ready() {
  rearm_quickack();
  const auto write = (ssh_get_poll_flags(session_) & SSH_WRITE_PENDING) != 0;
  // While libssh has something left to write, a readable socket is not waited for: the answer follows the question.
  co_await socket_.async_wait(
      write ? asio::posix::stream_descriptor::wait_write : asio::posix::stream_descriptor::wait_read,
      asio::use_awaitable);
}

Task<void> Session::handshake(std::function<void(const std::string&)> not_ssh) {
  // More than any greeting before sshd's first line.
  constexpr std::size_t enough = 65536;
  std::string heard;
  std::size_t bytes = 0;
  Heard what;
  const auto listen = [&](bool all) {
    if (what.is_ssh && heard.find("SSH-") != heard.npos) return;
    char buffer[4096];
    const ssize_t got = ::recv(socket_.native_handle(), buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT);
    if (got <= 0 && !all) return;
    if (got > 0) bytes += static_cast<std::size_t>(got);
    if (got > 0 && heard.size() < sizeof buffer) heard.append(buffer, static_cast<std::size_t>(got));
    what = what_was_heard(heard, all || bytes >= enough);
    if (!what.words.empty()) not_ssh(what.words);
    if (what.is_known || (!what.words.empty() && (all || bytes >= enough))) throw NotSsh(what.words);
  };
  auto call = [&] {
    listen(false);
    const int result = ssh_connect(session_);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);  // ssh_connect makes it blocking again
    return result;
  };
  const int result = co_await step(call, SSH_AGAIN);
  if (result == SSH_OK) co_return;
  const std::string why = ssh_get_error(session_);
  listen(true);
  if (why.find("no match for method") != why.npos) throw NoAccess(why);  // of the key exchange: both are there
  throw Unreachable(why);
}

void Session::authenticated(std::chrono::milliseconds silence) {
  event_ = ssh_event_new();
  if (!event_ || ssh_event_add_session(event_, session_) != SSH_OK) throw Error("libssh gives no event loop");
  mind_silence(silence);
  arm();
}

void Session::mind_silence(std::chrono::milliseconds limit) {
  SilenceWatch::Hooks hooks;
  hooks.take_in = [this] { pump(); };
  hooks.beat = [this] {
    // libssh sends the next one only after the answer to the one before has been asked for.
    for (int times = 0; times < 2 && alive(); ++times) {
      const Call call(*this);
      ssh_send_keepalive(session_);
    }
  };
  hooks.give_up = [this, limit] {
    died((name_.empty() ? traffic_->host : name_) + " has not answered for " + in_seconds(limit));
    shut_socket();
  };
  silence_ = std::make_shared<SilenceWatch>(loop_, limit, std::move(hooks));
}

void Session::arm() {
  if (broken_ || !event_) return;
  auto handler = [weak = weak_from_this()](bool write) {
    return [weak, write](const asio::error_code& error) {
      auto self = weak.lock();
      if (!self) return;
      (write ? self->writing_ : self->reading_) = false;
      if (!error) self->pump();
    };
  };
  if (!reading_) {
    reading_ = true;
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, handler(false));
  }
  if (writing_ || !(ssh_get_poll_flags(session_) & SSH_WRITE_PENDING)) return;
  // libssh asks to hear of a writable socket after each thing sent. A pump later in this turn of the loop, for all that
  // was sent in it, nearly always settles that; the socket is only waited for when it is really full.
  if (!pumped_) {
    if (!pump_soon_) {
      pump_soon_ = true;
      asio::post(loop_, [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->pump();
      });
    }
  } else {
    writing_ = true;
    socket_.async_wait(asio::posix::stream_descriptor::wait_write, handler(true));
  }
}

void Session::pump() {
  pump_soon_ = false;
  if (broken_) return;
  pumped_ = true;
  {
    const Call call(*this);
    // A bounded number of turns, so that one busy host does not starve the others.
    for (int turn = 0; turn < 64; ++turn) {
      const int result = ssh_event_dopoll(event_, 0);
      if (result == SSH_ERROR) broke(ssh_get_error(session_));
      if (result != SSH_OK || !ssh_is_connected(session_)) break;
    }
  }
  pumped_ = false;
  if (broken_) return;
  rearm_quickack();
  free_orphans();
}

void Session::count_bytes() {
  traffic_->bytes_in += received_.in_bytes - counted_in_;
  traffic_->bytes_out += sent_.out_bytes - counted_out_;
  counted_in_ = received_.in_bytes;
  counted_out_ = sent_.out_bytes;
}

void Session::after_call() {
  count_bytes();
  if (received_.in_bytes != seen_in_) {
    seen_in_ = received_.in_bytes;
    if (silence_) silence_->hear();
    heard_from(traffic_->host);
    changed_.wake();
  }
  if (!broken_ && !ssh_is_connected(session_)) broke(ssh_get_error(session_));
  arm();
}

void Session::broke(const std::string& why) {
  died(why.empty() ? "the connection was lost" : "the connection was lost: " + why);
}

void Session::died(std::string why_dead) {
  if (broken_) return;
  broken_ = true;
  why_dead_ = std::move(why_dead);
  asio::error_code ignored;
  socket_.cancel(ignored);
  changed_.wake();
  for (auto* channel : channels_) channel->changed_.wake();
}

void Session::log_line(int, const char*, const char* text, void* user) {
  auto* self = static_cast<Session*>(user);
  unsigned number = 0;
  std::string_view rest;
  if (!self) return;
  if (number_after(text, "Creating a channel ", number, rest)) self->created_ = number;
  if (number_after(text, "Channel opening failure: channel ", number, rest)) self->open_errors_[number] = rest;
}

namespace {

// " error (2) Connection refused": RFC 4254 has 1 for what is prohibited.
std::string words_of(const std::string& told, unsigned& code) {
  std::string_view rest;
  if (!number_after(told, "error (", code, rest)) return told;
  const auto words = rest.find_first_not_of(") ");
  return words == std::string_view::npos ? "open failed" : std::string(rest.substr(words));
}
std::string words_of(const std::string& told) {
  unsigned ignored = 0;
  return words_of(told, ignored);
}
bool is_prohibited(const std::string& told) {
  unsigned code = 0;
  words_of(told, code);
  return code == 1;
}

}  // namespace

OpenRefused::OpenRefused(const std::string& told) : Error(words_of(told)), prohibited_(is_prohibited(told)) {}

Session::Call::Call(Session& session) : session_(session) {
  if (session_.dialling_ == 0) return;
  ssh_set_log_callback(&Session::log_line);
  ssh_set_log_userdata(&session_);
  ssh_set_log_level(SSH_LOG_TRACE);
}

Session::Call::~Call() {
  if (session_.dialling_ > 0) {
    ssh_set_log_level(SSH_LOG_NOLOG);
    ssh_set_log_userdata(nullptr);
    ssh_set_log_callback(nullptr);
  }
  session_.after_call();
}

void Session::free_orphans() {
  // Freeing a channel before its open is answered would leave it open at the far end.
  for (std::size_t i = orphans_.size(); i-- > 0;) {
    {
      const Call call(*this);
      if (orphans_[i].open(orphans_[i].channel) == SSH_AGAIN) continue;
      ssh_channel_free(orphans_[i].channel);
    }
    dialling_ -= orphans_[i].dialled;
    orphans_.erase(orphans_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace cctl
