// What all hosts of one network share: the loop, the pool for what blocks, and caches of files read once.
#pragma once
#include <libssh/libssh.h>

#include <asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "remote/known_hosts.hpp"
#include "remote/network.hpp"
#include "remote/wait.hpp"

namespace cctl {

class Http;

using Key = std::shared_ptr<ssh_key_struct>;

// A private key file: loaded, or why not, with its public half where one is known (for the agent).
struct KeyFile {
  std::string path;
  Key key;
  std::string public_base64;
  std::string problem;
};

struct Core {
  Core(asio::io_context& l, SshOptions o);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  asio::io_context& loop;
  SshOptions options;
  asio::thread_pool pool{4};  // DNS, ssh -G, key files, the agent, RSA
  std::unique_ptr<Http> http;
  std::map<std::string, std::shared_ptr<HostTraffic>> traffic;
  std::map<std::string, KnownHostsFile> known_hosts;  // loop's thread only

  std::shared_ptr<HostTraffic> traffic_of(const std::string& label);
  const KnownHostsFile& known_hosts_of(const std::string& file);
  std::string socket_path();  // a new one each time, in a directory (0700) made when first wanted

  // On the pool only: both block, and both remember.
  KeyFile load_key(const std::string& path, bool may_ask);
  std::optional<std::string> ask(const std::string& prompt);

 private:
  std::string directory_;
  int next_socket_ = 0;
  std::mutex keys_lock_, ask_lock_;
  std::map<std::string, KeyFile> keys_;
  std::map<std::string, std::string> answers_;
};

}  // namespace cctl
