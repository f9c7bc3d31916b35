#include "remote/session.hpp"

namespace cctl {

Channel::Channel(std::shared_ptr<Session> session)
    : session_(std::move(session)), channel_(ssh_channel_new(session_->raw())), changed_(session_->loop()) {
  if (!channel_) throw std::bad_alloc();
  session_->channels_.insert(this);
  register_callbacks();
}

Channel::~Channel() {
  session_->channels_.erase(this);
  ssh_remove_channel_callbacks(channel_, &callbacks_);
  if (opening_ && session_->alive()) {
    session_->orphans_.push_back({channel_, dialled_, std::move(opening_)});
    return;
  }
  if (opening_) session_->dialling_ -= dialled_;
  const Session::Call call(*session_);
  ssh_channel_free(channel_);
}

void Channel::register_callbacks() {
  ssh_callbacks_init(&callbacks_);
  callbacks_.userdata = this;
  callbacks_.channel_data_function = [](ssh_session, ssh_channel, void* data, uint32_t size, int is_err, void* user) {
    auto* self = static_cast<Channel*>(user);
    if (self->out.size() + self->err.size() + size > self->limit)
      self->overflowed_ = self->eof_ = true;
    else
      (is_err ? self->err : self->out).append(static_cast<const char*>(data), size);
    self->changed_.wake();
    return static_cast<int>(size);
  };
  callbacks_.channel_eof_function = [](ssh_session, ssh_channel, void* user) {
    static_cast<Channel*>(user)->eof_ = true;
    static_cast<Channel*>(user)->changed_.wake();
  };
  callbacks_.channel_close_function = [](ssh_session, ssh_channel, void* user) {
    static_cast<Channel*>(user)->closed_ = true;
    static_cast<Channel*>(user)->changed_.wake();
  };
  callbacks_.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* user) {
    static_cast<Channel*>(user)->exit_status_ = status;
    static_cast<Channel*>(user)->has_exit_ = true;
  };
  callbacks_.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* signal, int, const char*,
                                               const char*, void* user) {
    static_cast<Channel*>(user)->signal_name_ = signal ? signal : "";
    static_cast<Channel*>(user)->has_exit_ = true;
  };
  ssh_set_channel_callbacks(channel_, &callbacks_);
}

Task<void> Channel::open(std::function<int(ssh_channel)> way) {
  if (!session_->alive()) throw Unreachable(session_->why_dead());
  opening_ = std::move(way);
  session_->dialling_ += dialled_;
  const auto ask = [this] {
    const Session::Call call(*session_);
    return opening_(channel_);
  };
  int result = ask();
  const auto number = dialled_ ? session_->created_ : 0;
  while (result == SSH_AGAIN && session_->alive()) {
    co_await session_->changed_.wait();
    if (session_->alive()) result = ask();
  }
  if (!session_->alive()) throw Unreachable(session_->why_dead());
  opening_ = nullptr;
  session_->dialling_ -= dialled_;
  const auto said = session_->open_errors_.extract(number);
  if (result == SSH_OK) {
    ++session_->traffic_->channels;
    co_return;
  }
  throw OpenRefused(said.empty() ? std::string(ssh_get_error(session_->raw())) : said.mapped());
}

Task<std::unique_ptr<Channel>> Channel::open_session(std::shared_ptr<Session> session) {
  std::unique_ptr<Channel> channel(new Channel(std::move(session)));
  std::function<int(ssh_channel)> call = ssh_channel_open_session;
  co_await channel->open(std::move(call));
  co_return channel;
}

Task<std::unique_ptr<Channel>> Channel::open_tcp(std::shared_ptr<Session> session, std::string host, int port) {
  std::unique_ptr<Channel> channel(new Channel(std::move(session)));
  std::function<int(ssh_channel)> call = [host = std::move(host), port](ssh_channel c) {
    return ssh_channel_open_forward(c, host.c_str(), port, "127.0.0.1", 0);
  };
  channel->dialled_ = 1;
  co_await channel->open(std::move(call));
  co_return channel;
}

Task<std::unique_ptr<Channel>> Channel::open_unix(std::shared_ptr<Session> session, std::string path) {
  std::unique_ptr<Channel> channel(new Channel(std::move(session)));
  std::function<int(ssh_channel)> call = [path = std::move(path)](ssh_channel c) {
    return ssh_channel_open_forward_unix(c, path.c_str(), "127.0.0.1", 0);
  };
  co_await channel->open(std::move(call));
  co_return channel;
}

Task<void> Channel::exec(std::string command) {
  ++session_->traffic_->execs;
  int result = SSH_AGAIN;
  while (session_->alive()) {
    {
      const Session::Call call(*session_);
      result = ssh_channel_request_exec(channel_, command.c_str());
    }
    if (result != SSH_AGAIN) break;
    co_await session_->changed_.wait();
  }
  if (!session_->alive()) throw Unreachable(session_->why_dead());
  if (result != SSH_OK)
    throw Error(std::string("the host refused to start a command: ") + ssh_get_error(session_->raw()));
}

Task<void> Channel::write(std::string_view data) {
  while (!data.empty()) {
    if (is_closed()) throw Error(session_->alive() ? "the far end closed the stream" : session_->why_dead());
    const auto chunk = static_cast<uint32_t>(std::min<std::size_t>(data.size(), 256 * 1024));
    int written = 0;
    {
      const Session::Call call(*session_);
      written = ssh_channel_write(channel_, data.data(), chunk);
    }
    if (written == SSH_ERROR && (closed_ || !ssh_channel_is_open(channel_)))
      throw Error("the far end closed the stream");
    if (written == SSH_ERROR) throw Error(std::string("writing failed: ") + ssh_get_error(session_->raw()));
    if (written > 0)
      data.remove_prefix(static_cast<std::size_t>(written));
    else
      co_await session_->changed_.wait();
  }
}

void Channel::send_eof() {
  if (is_closed()) return;
  const Session::Call call(*session_);
  ssh_channel_send_eof(channel_);
}

Task<std::string> Channel::read() {
  while (out.empty() && !at_eof()) co_await changed_.wait();
  co_return std::exchange(out, {});
}

Task<void> Channel::closed() {
  while (!is_closed() && !overflowed_) co_await changed_.wait();
}

}  // namespace cctl
