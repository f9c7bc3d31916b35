// Streams to the Docker socket of a host: straight, or through `docker system dial-stdio` where sshd or the socket's
// owner forbids that.
#pragma once
#include <memory>

#include "remote/shell.hpp"

namespace cctl {

class EngineDialer {
 public:
  EngineDialer(std::shared_ptr<Session> session, Access access, std::string socket);
  Task<std::unique_ptr<Channel>> open();
  int at_once() const;  // how many streams may be open: few where each costs a session channel
  bool costs_sessions() const { return way_ == Way::stdio; }

 private:
  Task<std::unique_ptr<Channel>> open_by_stdio();
  Task<void> find_out();

  std::shared_ptr<Session> session_;
  Access access_;
  std::string socket_;
  enum class Way { straight, stdio } way_ = Way::straight;
  bool asking_ = false;
  Signal asked_;
};

}  // namespace cctl
