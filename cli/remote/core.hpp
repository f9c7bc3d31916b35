// What all hosts of one network share: the loop, threads for what blocks, and what is read once for all of them.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remote/agent.hpp"
#include "remote/key_file.hpp"
#include "remote/known_hosts.hpp"
#include "remote/network.hpp"
#include "remote/wait.hpp"

namespace cctl {

class Http;

// Something that several hosts want and that is fetched once: whoever comes while it is under way waits for it.
template <class T>
struct Shared {
  explicit Shared(asio::io_context& loop) : done(loop) {}
  std::optional<T> value;
  bool busy = false;
  Signal done;
};

// What an agent holds, or why that is not known.
struct AgentAnswer {
  std::vector<AgentKey> keys;
  std::string problem;
};

struct Core {
  Core(asio::io_context& l, SshOptions o);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  asio::io_context& loop;
  SshOptions options;
  Threads threads;  // for names, ssh -G, files, the agent, RSA, people
  std::unique_ptr<Http> http;
  std::map<std::string, std::shared_ptr<HostTraffic>> traffic;
  std::map<std::string, KnownHostsFile> known_hosts;

  std::shared_ptr<HostTraffic> traffic_of(const std::string& label);
  std::string socket_path();  // a new one each time, in a directory (0700) made when first wanted

  // Everything below is on the loop's thread, reads on threads of its own, and remembers.
  // A file that has not been read has no keys.
  const KnownHostsFile& known_hosts_of(const std::string& file) const;
  Task<void> read_known_hosts_files(std::vector<std::string> files);
  Task<KeyText> key_text(std::string path);
  // The key, opened with a passphrase where one is needed and `may_ask`; nobody limits how long a person types.
  Task<KeyFile> key(KeyText text, bool may_ask);
  Task<AgentAnswer> agent(std::string socket, std::chrono::milliseconds limit);
  // Asks a person, one question at a time, each once. Empty when there is nobody to ask.
  Task<std::optional<std::string>> ask(std::string prompt);
  // Tells the person who started us, once.
  void warn(const std::string& text);

 private:
  std::string directory_;
  int next_socket_ = 0;
  std::map<std::string, std::shared_ptr<Shared<KeyText>>> texts_;
  std::map<std::string, std::shared_ptr<Shared<KeyFile>>> keys_;
  std::map<std::string, std::shared_ptr<Shared<AgentAnswer>>> agents_;
  std::map<std::string, std::string> answers_;
  bool asking_ = false;
  Signal asked_;
  std::set<std::string> warned_;
};

}  // namespace cctl
