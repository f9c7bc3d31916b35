// Commands and files on one host, as root where the inventory says so.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/scripts.hpp"
#include "remote/core.hpp"
#include "remote/session.hpp"

namespace cctl {

// How commands become root.
struct Access {
  bool sudo = false;
  std::optional<std::string> password;  // for sudo -S; never on a command line
};

// 'text' for a POSIX shell, whatever bytes it holds. (std::quoted would win for a string that is not const.)
std::string shell_quoted(const std::string& text);
// The command line that runs `script` with sh; with a password its first line of input must be that password.
std::string command_line(const Access& access, const std::string& script);
// The script of Connection::put, for the input of `sh -s`: contents travel in it as base64.
std::string put_script(const std::vector<DirectorySpec>& directories, const std::vector<FileSpec>& files,
                       const std::string& nonce);

// Starts the script; a long one goes over its input, which must then carry nothing else (`input_follows` false).
Task<std::unique_ptr<Channel>> start_script(std::shared_ptr<Session> session, Access access, std::string script,
                                            bool input_follows);
// Waits for its end.
Task<CommandResult> finish(std::unique_ptr<Channel> channel);

// Why a script that was to say nothing else failed: sudo, in words that say what to do, or what it printed.
std::string why_failed(const Access& access, const CommandResult& result);

class Shell : public Connection {
 public:
  Shell(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access);
  ~Shell() override;
  Task<CommandResult> run(std::string script, std::string input) override;
  Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files) override;
  Task<std::string> hold(std::string script) override;
  bool holding() const override;

 private:
  struct Hold;
  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  Access access_;
  std::shared_ptr<Hold> hold_;
};

}  // namespace cctl
