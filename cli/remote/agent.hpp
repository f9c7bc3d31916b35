// The ssh-agent. libssh would offer every key it holds, and servers hang up after six wrong ones; it also waits for the
// agent without end. So it gets one key at a time, from a socket of ours that can be closed.
#pragma once
#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remote/key_blob.hpp"

namespace cctl {

// The keys an agent holds. Blocks, without a limit worth the name; throws Error when there is no agent.
std::vector<AgentKey> list_agent(const std::string& socket_path);

// Plays an agent of one key, for libssh. Signatures come from the real one. Used on the loop's thread only.
class AgentRelay {
 public:
  AgentRelay(asio::io_context& loop, const std::string& socket_path);
  ~AgentRelay();
  AgentRelay(const AgentRelay&) = delete;
  AgentRelay& operator=(const AgentRelay&) = delete;

  // The one key from now on: `shown` is the key, or the certificate, to log in with; the agent signs with `signer`.
  void show(const AgentKey& shown, const std::string& signer);
  // Told when the agent is asked for a signature (true), and when it has answered.
  void on_signing(std::function<void(bool)> told);
  int client_socket() const { return client_; }  // for libssh, which reads and writes a duplicate of it
  bool refused() const;                          // the agent would not sign: a locked one, or a person said no

 private:
  struct State;
  int client_ = -1;
  std::shared_ptr<State> state_;
};

}  // namespace cctl
