// Local sockets joined to SSH channels.
#pragma once
#include <asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <string>

#include "remote/core.hpp"
#include "remote/session.hpp"

namespace cctl {

using LocalSocket = asio::local::stream_protocol::socket;

// Passes bytes both ways until either side ends, or `end` is woken. Never throws. Returns what the far end said on its
// error stream.
Task<std::string> splice(LocalSocket socket, std::unique_ptr<Channel> channel, std::shared_ptr<Signal> end = nullptr);

// A private Unix socket; each connection to it becomes a channel. For libcurl, which wants a socket to connect to.
class Tunnel : public std::enable_shared_from_this<Tunnel> {
 public:
  using Open = std::function<Task<std::unique_ptr<Channel>>()>;
  // At most at_once() connections are accepted; the others wait in the queue.
  Tunnel(std::shared_ptr<Core> core, Open open, std::function<int()> at_once);
  ~Tunnel();
  void start();
  void stop();
  void drop() { dropped_->wake(); }  // ends every connection that there is now
  const std::string& path() const { return path_; }
  // Connections that have no channel yet: each of them is some request's.
  int opening() const { return opening_; }
  // Why the last connection got no channel; taken away by reading it.
  std::string take_error() {
    cut_off_ = false;
    return std::exchange(error_, {});
  }
  bool cut_off() const { return cut_off_; }        // that connection had one, and was ended from here
  bool forbidden() const { return forbidden_; }    // that reason was one of rights
  bool prohibited() const { return prohibited_; }  // or of sshd's settings

 private:
  Task<void> accept_all();
  Task<void> serve(LocalSocket socket);

  std::shared_ptr<Core> core_;
  Open open_;
  std::function<int()> at_once_;
  int active_ = 0, opening_ = 0;
  std::string path_, error_;
  asio::local::stream_protocol::acceptor acceptor_;
  Signal freed_;
  std::shared_ptr<Signal> dropped_;
  bool stopped_ = false, cut_off_ = false, forbidden_ = false, prohibited_ = false;
};

}  // namespace cctl
