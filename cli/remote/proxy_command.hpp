// OpenSSH's ProxyCommand: a program whose standard streams are the connection to a host.
#pragma once
#include <asio/io_context.hpp>
#include <memory>
#include <string>

#include "model/process_group.hpp"

namespace cctl {

// The program, and all that it has started, lives as long as this does, or until its streams end. Used on the loop's
// thread.
class ProxyCommand {
 public:
  // Runs `command` with the user's shell, in a session of its own: Ctrl-C must not end it before we do.
  ProxyCommand(asio::io_context& loop, const std::string& command);
  ~ProxyCommand();
  ProxyCommand(const ProxyCommand&) = delete;
  ProxyCommand& operator=(const ProxyCommand&) = delete;

  int take_socket();  // our end of its streams; the caller's from now on
  // What it has written to its standard error so far, its end.
  std::string last_words();

 private:
  struct Errors;
  int socket_ = -1;
  std::shared_ptr<Errors> errors_;
  std::unique_ptr<ProcessGroup> group_;
};

}  // namespace cctl
