// Runs coroutines to their end on a loop of their own, with a network beside it.
#pragma once
#include <asio/co_spawn.hpp>
#include <functional>

#include "remote/network.hpp"
#include "sshd.hpp"

namespace cctl::test {

// Ends the sshd of the connection that a script came by; timeout(1) stands between the two.
inline const char* const kEndSshd =
    "p=$PPID; [ \"$(cat /proc/$p/comm)\" != timeout ] || p=$(awk '{print $4}' /proc/$p/stat); kill -9 $p; sleep 5";

struct World {
  asio::io_context loop;
  std::unique_ptr<SshNetwork> network;

  explicit World(SshOptions options = {}) : network(make_ssh_network(loop, std::move(options))) {}

  // Runs `body` until it ends; its exception comes out here. Fails when it takes longer than `limit`.
  void run(const std::function<Task<void>()>& body, std::chrono::seconds limit = std::chrono::seconds(60)) {
    bool done = false;
    std::exception_ptr failure;
    asio::co_spawn(loop, body(), [&](std::exception_ptr error) {
      failure = error;
      done = true;
      loop.stop();
    });
    loop.restart();
    loop.run_for(limit);
    if (!done) throw Error("the test did not end in time");
    if (failure) std::rethrow_exception(failure);
  }

  std::unique_ptr<HostDoor> connect(const Host& host, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    std::unique_ptr<HostDoor> door;
    const std::function<Task<void>()> body = [&]() -> Task<void> { door = co_await network->connect(host, timeout); };
    run(body);
    return door;
  }

  // Why there is no connection: nobody is there, or we are not let in; "" when there is one.
  std::string refusal(const Host& host, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    try {
      connect(host, timeout);
      return "";
    } catch (const Unreachable& error) {
      return error.what();
    } catch (const NoAccess& error) {
      return error.what();
    }
  }

  CommandResult shell(HostDoor& door, std::string script, std::string input = "") {
    CommandResult result;
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      result = co_await door.shell().run(std::move(script), std::move(input));
    };
    run(body);
    return result;
  }

  void put(HostDoor& door, std::vector<DirectorySpec> directories, std::vector<FileSpec> files,
           std::set<std::string> lent = {}) {
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      co_await door.shell().put(std::move(directories), std::move(files), std::move(lent));
    };
    run(body);
  }

  ObservedHost observe(HostDoor& door, LookRequest request) {
    Looked seen;
    const std::function<Task<void>()> body = [&]() -> Task<void> { seen = co_await door.observe(std::move(request)); };
    run(body);
    return seen.host;
  }

  Facts look(HostDoor& door, LookRequest request) {
    Facts seen;
    const std::function<Task<void>()> body = [&]() -> Task<void> { seen = co_await door.look(std::move(request)); };
    run(body);
    return seen;
  }

  Answer http(HostDoor& door, HttpCall call) {
    Answer answer;
    const std::function<Task<void>()> body = [&]() -> Task<void> { answer = co_await door.http(std::move(call)); };
    run(body);
    return answer;
  }

  std::vector<ProbeResult> probe(HostDoor& door, std::vector<Probe> probes, std::string container = "") {
    std::vector<ProbeResult> results;
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      results = co_await door.probe(std::move(probes), std::move(container));
    };
    run(body);
    return results;
  }
};

// One sshd for all tests that want nothing special of it.
inline const Sshd& shared_sshd() {
  static const Sshd sshd;
  return sshd;
}

}  // namespace cctl::test
