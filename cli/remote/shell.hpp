// Commands and files on one host, as root where the inventory says so.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/scripts.hpp"
#include "remote/core.hpp"
#include "remote/script.hpp"
#include "remote/session.hpp"

namespace cctl {

// 'text' for a POSIX shell, whatever bytes it holds. (std::quoted would win for a string that is not const.)
std::string shell_quoted(const std::string& text);
// The script of Connection::put, for the input of `sh -s`: contents travel in it as base64.
std::string put_script(const std::vector<DirectorySpec>& directories, const std::vector<FileSpec>& files,
                       const std::set<std::string>& lent, const std::string& nonce);

// Starts the script, for which sshd has `begin`. What the channel then gives is the script's own: what the login shell
// prints is skipped. The host ends it after `limit`; 0: it lasts.
Task<std::unique_ptr<Channel>> start_script(std::shared_ptr<Session> session, Access access, std::string script,
                                            std::chrono::milliseconds begin, std::chrono::seconds limit = {});
// Waits for its end. Throws Error (exit 3) that names the login shell, or sudo, when the script never began.
Task<CommandResult> finish(std::unique_ptr<Channel> channel, Access access);
// Waits until the script has begun; throws the same when it never does, and when that takes longer than `limit`.
Task<void> await_begin(Channel& channel, Access access, std::chrono::milliseconds limit);

class Shell : public Connection {
 public:
  Shell(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access);
  ~Shell() override;
  Task<CommandResult> run(std::string script, std::string input) override;
  Task<CommandResult> work(std::string script, std::string input) override;
  Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files,
                 std::set<std::string> lent) override;
  Task<std::string> hold(std::string script) override;
  bool holding() const override;

 private:
  struct Hold;
  Task<CommandResult> exchange(std::chrono::milliseconds limit, std::string script, std::string input);
  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  Access access_;
  std::shared_ptr<Hold> hold_;
};

}  // namespace cctl
