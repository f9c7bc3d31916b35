// A filter before the ssh-agent: libssh offers every key the agent holds, and servers hang up after six wrong ones.
#pragma once
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cctl {

// Answers agent requests on its own thread, passing on only keys that are wanted. Thread-safe: stop().
class AgentFilter {
 public:
  // `wanted`: base64 public keys; empty lets every key through. Blocks; throws Error when there is no agent.
  AgentFilter(const std::string& socket_path, const std::set<std::string>& wanted);
  ~AgentFilter();
  AgentFilter(const AgentFilter&) = delete;
  AgentFilter& operator=(const AgentFilter&) = delete;

  std::size_t keys() const { return count_; }
  int client_socket() const { return client_; }  // to hand to libssh, which reads and writes but does not own it
  void stop();

 private:
  void serve();

  int agent_ = -1, client_ = -1, server_ = -1;
  std::size_t count_ = 0;
  std::string identities_;  // the filtered answer
  std::thread thread_;
};

}  // namespace cctl
