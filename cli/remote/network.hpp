// The network over SSH: one TCP connection per host, used for commands, files, the Docker API and probes.
// Everything runs on the thread of the io_context given; the network, its doors and what they return must be destroyed
// on that thread and before the io_context. Errors: Unreachable (model/error.hpp) with one plain sentence.
#pragma once
#include <asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "apply/doors.hpp"

namespace cctl {

// What one host cost, for --timings and tests.
struct HostTraffic {
  std::string host;
  int tcp_connections = 0;
  int exchanges = 0;                          // request and answer; requests under way at the same time count as one
  int execs = 0;                              // commands started
  int http_requests = 0;                      // to the engine and by probes
  int channels = 0;                           // opened inside the connection
  std::uint64_t bytes_in = 0, bytes_out = 0;  // of SSH, encrypted
  std::chrono::milliseconds login{0};         // from the first packet until authenticated
};

struct SshOptions {
  // Asks the person for a secret; called on another thread, one call at a time, once per prompt. Unset: nobody to ask.
  std::function<std::string(const std::string& prompt)> ask;
  // Told what of OpenSSH's configuration is not followed; on the loop's thread, each text once.
  std::function<void(const std::string& text)> warn;
  std::string engine_socket = "/var/run/docker.sock";  // on the hosts
  std::string ssh_program = "ssh";                     // asked for the configuration; "" never asks
  std::chrono::milliseconds connect_timeout{3000};     // until sshd's port answers; the login has a time of its own
  std::chrono::milliseconds heartbeat{5000};           // of Connection::hold
  std::chrono::milliseconds longest_silence{25000};    // after which what is held counts as lost
  std::chrono::milliseconds host_silence{60000};       // in which nothing at all comes from a host that is waited for
  std::chrono::milliseconds begin_timeout{60000};      // until the login shell and sudo have begun a command of ours
  std::chrono::milliseconds command_timeout{60000};    // until Connection::run has ended, from when it has begun
  std::chrono::milliseconds work_timeout{1800000};     // until Connection::work has
  std::chrono::milliseconds pull_silence{600000};      // in which nothing comes of a pull
  std::chrono::milliseconds look_timeout{10000};       // for what the engine runs
  std::chrono::milliseconds engine_timeout{120000};    // for an answer of the engine that is neither pull nor stop
};

class SshNetwork : public Network {
 public:
  virtual std::map<std::string, HostTraffic> traffic() const = 0;  // by host name; jump hosts as "jump ADDRESS"
};

std::unique_ptr<SshNetwork> make_ssh_network(asio::io_context& loop, SshOptions options);
std::unique_ptr<Clock> make_clock(asio::io_context& loop);

}  // namespace cctl
