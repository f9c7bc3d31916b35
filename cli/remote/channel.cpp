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
  session_->sessions_ -= is_session_;
  session_->lasting_ -= lasts_;
  if (is_session_) session_->session_ended_.wake();
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
    self->take({static_cast<const char*>(data), size}, is_err != 0);
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

void Channel::take(std::string_view data, bool is_err) {
  taken_ += data.size();
  if (overflowed_ || (streams_ ? out.size() + err.size() + data.size() : taken_) > limit) {
    overflowed_ = eof_ = true;
    return;
  }
  auto& stream = is_err ? err : out;
  bool& begun = is_err ? err_begun_ : out_begun_;
  stream.append(data);
  if (mark_.empty() || begun) return;
  auto& search = is_err ? err_mark_ : out_mark_;
  switch (search.in(stream, mark_)) {
    case MarkSearch::Found::not_yet:
      return;
    case MarkSearch::Found::never:
      never_begins_ = overflowed_ = eof_ = true;
      return;
    case MarkSearch::Found::yes:
      break;
  }
  begun = true;
  if (!is_err && session_->login_prints_.empty())
    session_->login_prints_ = stream.substr(0, std::min<std::size_t>(search.at(), 400));
  stream.erase(0, search.at() + mark_.size());
}

void Channel::lasts() {
  session_->lasting_ += 1 - lasts_;
  lasts_ = 1;
}

Task<void> Channel::begun_or_ended() {
  while (!begun() && !at_eof()) co_await changed_.wait();
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
  const auto since = std::chrono::steady_clock::now();
  for (int tries = 0;;) {
    std::unique_ptr<Channel> channel(new Channel(session));
    std::function<int(ssh_channel)> call = ssh_channel_open_session;
    bool refused = false;
    try {
      co_await channel->open(std::move(call));
      channel->is_session_ = 1;
      ++session->sessions_;
      session->had_sessions_ = true;
    } catch (const OpenRefused&) {
      refused = true;
    }
    if (!refused) co_return channel;
    channel.reset();
    co_await session->await_session(tries, since);
  }
}

// sshd has given all sessions that it gives to one connection: until one of ours ends. It forgets an ended one a moment
// after both sides have closed it.
Task<void> Session::await_session(int& tries, std::chrono::steady_clock::time_point since) {
  constexpr int fruitless = 4, slowest = 4;
  constexpr std::chrono::seconds patience{90},
      forgetting{10};  // a command that is to end may take a while on a busy host
  few_sessions_ = true;
  std::erase_if(give_up_, [](const auto& one) { return one.expired(); });
  for (const auto& one : give_up_)
    if (const auto give_up = one.lock()) (*give_up)();
  const bool others = sessions_ > lasting_;
  const auto waited = std::chrono::steady_clock::now() - since;
  const bool in_vain = had_sessions_ ? waited > forgetting : tries >= fruitless;
  if ((!others && in_vain) || waited > patience)
    throw Error("sshd of " + name_ + " opens no session" +
                    (sessions_ == 0 ? "" : " beside the " + std::to_string(sessions_) + " that this connection has") +
                    ": MaxSessions in its sshd_config is too small (2 is the least, 10 its default)",
                3);
  asio::steady_timer pause(
      loop_, others ? std::chrono::milliseconds(1000) : std::chrono::milliseconds(50 << std::min(++tries, slowest)));
  auto wait_pause = [](asio::steady_timer& timer) -> Task<void> { co_await timer.async_wait(asio::use_awaitable); };
  auto wait_end = [](Signal& ended) -> Task<void> { co_await ended.wait(); };
  std::vector<Task<void>> either;
  either.push_back(wait_pause(pause));
  if (others) either.push_back(wait_end(session_ended_));
  co_await together(loop_, std::move(either), Until::first_ends);
  if (!alive()) throw Unreachable(why_dead());
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
    // It needs no answer to close: none will come then.
    if (closed_) throw Error("the host closed the session in which a command was to start", 3);
    co_await session_->changed_.wait();
  }
  if (!session_->alive()) throw Unreachable(session_->why_dead());
  if (result != SSH_OK)
    throw Error(std::string("the host refused to start a command: ") + ssh_get_error(session_->raw()), 3);
}

Task<void> Channel::write(std::string_view data) {
  while (!data.empty()) {
    if (!session_->alive()) throw Unreachable(session_->why_dead());
    if (is_closed()) throw Error("the far end closed the stream");
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
  while ((out.empty() || !begun()) && !at_eof()) co_await changed_.wait();
  if (!begun()) co_return std::string();  // all there is was the login shell's
  co_return std::exchange(out, {});
}

Task<void> Channel::closed() {
  while (!is_closed() && !overflowed_) co_await changed_.wait();
}

}  // namespace cctl
