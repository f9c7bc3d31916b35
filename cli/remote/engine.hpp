// The Docker Engine API of one host, over the host's tunnel.
#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "model/line_splitter.hpp"
#include "remote/http.hpp"
#include "remote/shell.hpp"
#include "remote/stream.hpp"

namespace cctl {

// The body of POST /containers/create.
nlohmann::json create_body(const ContainerSpec& spec);
// "host:port/name:tag@digest" to name and tag as /images/create wants them; no tag means latest.
std::pair<std::string, std::string> split_image(const std::string& reference);

// Sums a pull's progress over its layers. Feed the stream as it comes.
class PullStream {
 public:
  void feed(std::string_view bytes);
  const PullProgress& progress() const { return sum_; }
  const std::string& error() const { return error_; }

 private:
  void line(const std::string& text);
  LineSplitter lines_;
  std::string error_;
  std::map<std::string, PullProgress> layers_;
  PullProgress sum_;
};

// Takes Docker's log stream apart: frames of eight bytes and a payload, or plain bytes of a terminal. A payload is
// handed on as it comes.
class LogStream {
 public:
  explicit LogStream(std::function<void(int stream, std::string_view bytes)> sink) : sink_(std::move(sink)) {}
  void feed(std::string_view bytes);

 private:
  std::function<void(int, std::string_view)> sink_;
  std::string head_;        // of the frame that begins, as far as it has come
  std::uint32_t left_ = 0;  // bytes of the frame that are yet to come
  int which_ = 1;
  bool begun_ = false, plain_ = false;
};

// Cuts what it is fed into lines; one that is very long comes in parts.
class Lines {
 public:
  explicit Lines(std::function<void(std::string)> sink) : sink_(std::move(sink)) {}
  void feed(std::string_view bytes);
  void flush();  // what has no end of line

 private:
  static constexpr std::size_t longest_shown = std::size_t{64} << 10;
  std::function<void(std::string)> sink_;
  LineSplitter lines_{longest_shown, LineSplitter::Long::in_parts};
};

class DockerEngine : public Engine {
 public:
  DockerEngine(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access, std::string socket);
  ~DockerEngine() override;

  Task<void> pull(std::string image, std::function<void(PullProgress)> progress) override;
  Task<bool> find_in_registry(std::string image) override;
  Task<std::string> create(ContainerSpec spec, std::string name) override;
  Task<void> start(std::string id) override;
  Task<void> stop(std::string id, int timeout_seconds) override;
  Task<void> restart(std::string id, int timeout_seconds) override;
  Task<void> rename(std::string id, std::string name) override;
  Task<void> set_restart_policy(std::string id, std::string policy) override;
  Task<void> remove(std::string id) override;
  Task<ContainerInfo> inspect(std::string id_or_name) override;
  Task<std::vector<std::string>> logs(std::string id, int lines) override;
  Task<CommandResult> exec(std::string id, std::vector<std::string> command) override;
  Task<void> follow_logs(std::string id, int lines, std::string since, std::function<void(std::string)> line) override;

  struct Lists {
    std::string version, containers, images;  // the engine's own version; JSON texts
    std::string info;                         // what it says of its settings, where that was asked for
  };
  // Everything that observing wants, sent at once on one stream and answered in turn: one exchange, one channel.
  Task<Lists> lists(bool info);

 private:
  struct Call {
    std::string method, path, body;
    std::chrono::milliseconds timeout{0};
    std::chrono::milliseconds silence{0};
    std::function<void(std::string_view)> on_data;
  };
  Task<HttpReply> send(Call call);     // as it is
  Task<HttpReply> checked(Call call);  // versioned; a status of 400 and up throws the engine's message
  Tunnel& tunnel();
  Task<void> learn_version();
  void settle_version(const nlohmann::json& version);
  Task<void> ask_lists(std::vector<std::string> paths, std::vector<HttpReply>& replies);
  Call make(const std::string& method, const std::string& path, const std::string& body = "") const;

  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  std::shared_ptr<class EngineDialer> dialer_;
  std::shared_ptr<Tunnel> tunnel_;  // made when libcurl first wants it
  int under_way_ = 0;               // requests through it
  std::shared_ptr<std::function<void()>> give_up_;
  std::string api_;  // "1.41", empty until known
};

}  // namespace cctl
