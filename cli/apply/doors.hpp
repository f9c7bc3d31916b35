// The doors to the world: what observe and apply need of a host, of the network and of time. remote/ implements them
// over SSH; tests/fake implements them in memory. All calls belong to one asio io_context thread; a door is used by
// one coroutine at a time unless it says otherwise. Every call throws Error (model/error.hpp) on failure.
// gcc 12: pass named locals to coroutines, never braced temporaries.
#pragma once
#include <asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "look/request.hpp"
#include "model/error.hpp"
#include "model/inventory.hpp"
#include "model/observed.hpp"
#include "model/probe.hpp"
#include "model/spec.hpp"
#include "plan/extract.hpp"

namespace cctl {

template <class T>
using Task = asio::awaitable<T>;

struct CommandResult {
  int exit_status = 0;  // -1 when a signal ended it
  std::string out, err;
};

// " ended with 3"; " ended", where a signal ended it: which one is the last that it said.
inline std::string end_in_words(const CommandResult& result) {
  return result.exit_status < 0 ? " ended" : " ended with " + std::to_string(result.exit_status);
}

// One host's shell and files. Commands run as root (through sudo where the inventory says so).
class Connection {
 public:
  virtual ~Connection() = default;

  // Runs `script` with sh -c; `input` is its standard input. For what a healthy host does at once: it has a deadline,
  // here and on the host, where it is ended then.
  virtual Task<CommandResult> run(std::string script, std::string input) = 0;
  // The same for what takes its time: packages, services, data that is removed.
  virtual Task<CommandResult> work(std::string script, std::string input) = 0;

  // Makes directories, then writes files: each to a temporary name beside its target, with mode and owner, then
  // renamed. All or none of the renames happen unless the host dies in between; they happen in the order given. One
  // exec. `lent`: lent_directories().
  virtual Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files,
                         std::set<std::string> lent) = 0;

  // A command that lives as long as this connection: started, then fed a newline every few seconds, each of which it
  // has to answer with a line; it ends with the connection. Returns its first line of output. Used by the lease.
  virtual Task<std::string> hold(std::string script) = 0;
  // Whether that command still answers, as far as this side knows. No exchange.
  virtual bool holding() const { return true; }
};

struct PullProgress {
  long long done = 0, total = 0;  // bytes; total grows while layers are discovered
};

struct ContainerInfo {
  std::string id, name, state;
  std::string ended;  // its last run: seconds since 1970 by its host's clock, with a fraction; empty: none has
  int exit_code = 0;
  int restarts = 0;         // by the engine, since it was last started by somebody
  bool oom_killed = false;  // its last run
};

// The Docker Engine API of one host. Its calls may run at the same time as each other. A name serves as an id.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Task<void> pull(std::string image, std::function<void(PullProgress)> progress) = 0;
  // Asks the image's registry, as pull() would, and fetches nothing. False when this engine cannot ask (before 17.06);
  // throws Error with the reason when a pull would fail.
  virtual Task<bool> find_in_registry(std::string image) = 0;
  virtual Task<std::string> create(ContainerSpec spec, std::string name) = 0;  // returns the id; not started
  virtual Task<void> start(std::string id) = 0;
  virtual Task<void> stop(std::string id, int timeout_seconds) = 0;  // stopped already: no error
  virtual Task<void> restart(std::string id, int timeout_seconds) = 0;
  virtual Task<void> rename(std::string id, std::string name) = 0;
  virtual Task<void> set_restart_policy(std::string id, std::string policy) = 0;  // "no", "unless-stopped"
  virtual Task<void> remove(std::string id) = 0;  // with its anonymous volumes; not there: no error; must be stopped
  virtual Task<ContainerInfo> inspect(std::string id_or_name) = 0;  // state "missing" when not there
  virtual Task<std::vector<std::string>> logs(std::string id, int lines) = 0;
  virtual Task<CommandResult> exec(std::string id, std::vector<std::string> command) = 0;
  // Follows the log until the container ends or the coroutine is cancelled.
  // Ends when the container does. `since`: only what was said after that moment, as ContainerInfo has it; empty: all.
  virtual Task<void> follow_logs(std::string id, int lines, std::string since,
                                 std::function<void(std::string)> line) = 0;
};

// An HTTP request made from a host, to an address as that host sees it.
struct HttpCall {
  std::string method = "GET";
  std::string address;
  int port = 0;
  std::string path;
  std::string body;  // sent as JSON where there is one
  bool tls = false;  // whoever signed the certificate
  std::chrono::milliseconds timeout{10000};
};

// Thrown by what reads a host's answers, and no Error: it ends that host's work by its name, never the run's.
inline Error unreadable(const std::exception& e) {
  return Error(std::string("what it answered cannot be read: ") + e.what(), 3);
}

// Everything of one connected host. look(), observe() and probe() may run at the same time as each other.
class HostDoor {
 public:
  virtual ~HostDoor() = default;
  virtual Connection& shell() = 0;
  virtual Engine& engine() = 0;
  // One exchange: the facts that are named, and those alone.
  virtual Task<Facts> look(LookRequest request) = 0;
  // One exchange: these, manifest, files, containers and images asked at once. That no engine answers is a fact.
  virtual Task<Looked> observe(LookRequest request) = 0;
  // All probes at once. Never throws for what the far end answers or fails to answer; `container` serves exec probes.
  virtual Task<std::vector<ProbeResult>> probe(std::vector<Probe> probes, std::string container) = 0;
  // Any status is an answer; throws Error when there is none.
  virtual Task<Answer> http(HttpCall call) = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  // Logs in. Throws Error with the reason after at most `timeout`.
  virtual Task<std::unique_ptr<HostDoor>> connect(Host host, std::chrono::milliseconds timeout) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() = 0;
  virtual Task<void> sleep(std::chrono::milliseconds time) = 0;
};

}  // namespace cctl
