// One libssh session on the loop, and its channels. libssh is never allowed to block: the loop waits for the socket and
// pumps; channel data arrive by callbacks. Used on the loop's thread only, except where borrow() says otherwise.
#pragma once
#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/limits.hpp"
#include "model/mark_search.hpp"
#include "remote/network.hpp"
#include "remote/silence.hpp"
#include "remote/wait.hpp"

namespace cctl {

class Channel;

// Counts an exchange for as long as a request is under way; those under way together count as one. Meanwhile the host's
// silence is minded.
class Exchange {
 public:
  explicit Exchange(class Session& session);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  std::shared_ptr<Session> session_;
};

// Another program answers at the port: asking again is of no use.
class NotSsh : public Unreachable {
 public:
  using Unreachable::Unreachable;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // Takes over a connected socket; `keep` is held as long as the session lives (the pump of a jump host).
  Session(asio::io_context& loop, int fd, std::shared_ptr<HostTraffic> traffic, std::shared_ptr<void> keep);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Key exchange. Host key checks and authentication are done by the caller on raw(), through step(). `not_ssh` is told
  // what was heard instead of sshd's first line; throws NotSsh where that cannot become ssh.
  Task<void> handshake(std::function<void(const std::string&)> not_ssh);
  // Repeats a libssh call until it says something other than `again`, pumping in between.
  template <class Step>
  Task<int> step(Step call, int again);
  // From now on packets are pumped whether somebody waits or not. Where nothing comes for `silence` while an exchange
  // is under way, the host is given up.
  void authenticated(std::chrono::milliseconds silence);

  ssh_session raw() { return session_; }
  asio::io_context& loop() { return loop_; }
  HostTraffic& traffic() { return *traffic_; }
  bool alive() const { return !broken_; }
  const std::string& why_dead() const { return why_dead_; }
  // Ends the connection at once; every channel sees it closed. Safe from any thread when only the socket is shut down.
  void shut_socket();
  // Ends the connection: whoever still waits for something of it is told so.
  void end();

  // What the login shell printed before a command of ours began; the first that was heard.
  const std::string& login_prints() const { return login_prints_; }
  // sshd opened no further session beside those of ours that were open (MaxSessions): they are used one after the
  // other from then on.
  bool few_sessions() const { return few_sessions_; }
  // Called when a session is wanted and none is to be had: to give up what is idle.
  void when_few_sessions(std::weak_ptr<std::function<void()>> give_up) { give_up_.push_back(std::move(give_up)); }
  void call_it(const std::string& name) { name_ = name; }  // for errors
  const std::string& name() const { return name_; }

 private:
  friend class Channel;
  friend class Exchange;
  // Around every call of libssh that sends: it may take in packets of any channel, so that afterwards whoever waits for
  // them is woken. libssh keeps one error text per session, and opens that fail together overwrite each other's; its
  // log has them all with the channel's number, so the log is listened to while TCP is being dialled (probes, many at
  // once).
  class Call {
   public:
    explicit Call(Session& session);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Session& session_;
  };
  struct Orphan {
    ssh_channel channel;
    int dialled;
    std::function<int(ssh_channel)> open;
  };

  Task<void> ready();  // until the socket can be read, or written when libssh has something left
  void arm();
  void pump();
  void after_call();  // wakes who waits when packets were taken in; arms the socket for writing
  void broke(const std::string& why);
  void died(std::string why_dead);
  void mind_silence(std::chrono::milliseconds limit);
  void count_bytes();
  void rearm_quickack();
  static void log_line(int, const char*, const char* text, void* user);
  void free_orphans();
  Task<void> await_session(int& tries, std::chrono::steady_clock::time_point since);

  asio::io_context& loop_;
  int fd_;
  unsigned long inode_ = 0;
  ssh_session session_;
  ssh_event event_ = nullptr;
  asio::posix::stream_descriptor socket_;
  std::shared_ptr<HostTraffic> traffic_;
  std::shared_ptr<void> keep_;
  ssh_counter_struct sent_{}, received_{};
  std::uint64_t seen_in_ = 0, counted_in_ = 0, counted_out_ = 0;
  bool reading_ = false, writing_ = false, broken_ = false;
  bool pump_soon_ = false, pumped_ = false;
  std::string why_dead_;
  Signal changed_;  // packets came in, or the session ended
  std::set<Channel*> channels_;
  int dialling_ = 0;                             // TCP channels whose open is under way
  unsigned created_ = 0;                         // number of the channel last made
  std::map<unsigned, std::string> open_errors_;  // by channel number, taken from libssh's log
  int sessions_ = 0, lasting_ = 0;               // channels that run commands; those of them that last as long as we do
  bool few_sessions_ = false, had_sessions_ = false;
  Signal session_ended_;
  std::vector<std::weak_ptr<std::function<void()>>> give_up_;
  std::string login_prints_, name_;
  std::vector<Orphan> orphans_;
  int exchanges_open_ = 0;
  std::shared_ptr<SilenceWatch> silence_;
};

template <class Step>
Task<int> Session::step(Step call, int again) {
  for (;;) {
    const int result = call();
    if (result != again) co_return result;
    if (!ssh_is_connected(session_)) co_return SSH_ERROR;
    co_await ready();
  }
}

// The open was refused by the far end: what it said, such as "Connection refused" or "open failed".
class OpenRefused : public Error {
 public:
  // As libssh tells it: "Channel opening failure: channel 43 error (1) open failed", or just the words.
  explicit OpenRefused(const std::string& told);
  OpenRefused(const std::string& words, bool prohibited) : Error(words), prohibited_(prohibited) {}
  bool prohibited() const { return prohibited_; }  // by sshd's own settings: nobody was dialled

 private:
  bool prohibited_;
};

class Channel {
 public:
  static Task<std::unique_ptr<Channel>> open_session(std::shared_ptr<Session> session);
  static Task<std::unique_ptr<Channel>> open_tcp(std::shared_ptr<Session> session, std::string host, int port);
  static Task<std::unique_ptr<Channel>> open_unix(std::shared_ptr<Session> session, std::string path);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Nothing counts as said before this line has come, on each of both streams: what comes before is the login shell's.
  // Set before exec().
  void expect(std::string mark) { mark_ = std::move(mark); }
  bool begun() const { return mark_.empty() || out_begun_; }
  Task<void> begun_or_ended();

  Task<void> exec(std::string command);
  Task<void> write(std::string_view data);  // all of it; `data` must live until the end
  void send_eof();
  Task<std::string> read();  // what has come since; "" at the end of the stream
  Task<void> closed();       // until the far end has closed

  std::string out, err;  // taken in so far; read() empties `out`
  // Whoever reads it has limits of his own: no more counts than what was not read yet.
  void streams() { streams_ = true; }
  bool at_eof() const { return eof_ || closed_ || !session_->alive(); }
  bool is_closed() const { return closed_ || !session_->alive(); }
  bool has_exit_status() const { return has_exit_; }
  int exit_status() const { return exit_status_; }                 // -1: a signal or none at all
  const std::string& exit_signal() const { return signal_name_; }  // "KILL"
  Session& session() { return *session_; }
  void lasts();                         // this session stays open as long as the connection does
  std::size_t limit = limits::command;  // bytes of out + err, read or not, beyond which the channel is closed
  bool overflowed() const { return overflowed_; }
  // The login shell has printed more before the mark than anybody reads.
  bool never_begins() const { return never_begins_; }

 private:
  friend class Session;
  explicit Channel(std::shared_ptr<Session> session);
  Task<void> open(std::function<int(ssh_channel)> call);
  void register_callbacks();
  void take(std::string_view data, bool is_err);

  std::shared_ptr<Session> session_;
  ssh_channel channel_;
  ssh_channel_callbacks_struct callbacks_{};
  std::function<int(ssh_channel)> opening_;  // set while the open is under way
  int dialled_ = 0;                          // 1: a TCP channel
  int is_session_ = 0, lasts_ = 0;           // 1: a session channel; one that lasts
  std::string mark_;
  MarkSearch out_mark_, err_mark_;
  std::size_t taken_ = 0;  // bytes that came
  bool out_begun_ = false, err_begun_ = false, never_begins_ = false, streams_ = false;
  bool eof_ = false, closed_ = false, has_exit_ = false, overflowed_ = false;
  int exit_status_ = -1;
  std::string signal_name_;
  Signal changed_;
};

}  // namespace cctl
