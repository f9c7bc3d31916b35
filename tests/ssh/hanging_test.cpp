// Whatever hangs on this machine ends with the connection's time, and holds nobody up afterwards.
#include <sys/un.h>

#include <thread>

#include "catch.hpp"
#include "model/base64.hpp"
#include "openssh.hpp"
#include "remote/key_blob.hpp"
#include "remote/ssh_ask.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// An agent that takes connections and tells its keys, if it has any; it never signs.
struct SilentAgent {
  std::string path;
  int fd;
  std::thread thread;
  explicit SilentAgent(const std::string& where, const std::string& blob = "") : path(where) {
    fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 16) != 0)
      throw Error("cannot listen");
    if (!blob.empty()) thread = std::thread([this, blob] { serve(field("\x0c" + identities_body({blob, "key"}))); });
  }
  void serve(const std::string& answer) const {
    std::vector<int> kept;
    for (int one; (one = ::accept(fd, nullptr, nullptr)) >= 0;) {
      kept.push_back(one);
      char request[5];
      if (::recv(one, request, sizeof request, MSG_WAITALL) == 5 && request[4] == 11)
        ::send(one, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    for (const int one : kept) ::close(one);
  }
  ~SilentAgent() {
    ::shutdown(fd, SHUT_RDWR);
    if (thread.joinable()) thread.join();
    ::close(fd);
  }
};

// What is refused within the time-out of 600 ms; fails when it, or the end of the network, takes much longer.
std::string refused_in_time(const Host& host) {
  const auto began = std::chrono::steady_clock::now();
  std::string text;
  {
    World world;
    text = world.refusal(host, std::chrono::milliseconds(600));
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  return text;
}

}  // namespace

TEST_CASE("an agent that does not answer") {
  const Sshd sshd;
  const TempDir empty;
  const Env home("HOME", empty.path.string());
  const SilentAgent agent(sshd.dir / "agent");
  const Env env("SSH_AUTH_SOCK", agent.path);
  auto host = sshd.host();
  host.ssh.agent = true;
  SECTION("is not asked where a key is at hand") {
    World world;
    CHECK(world.refusal(host) == "");
  }
  SECTION("costs its share of the time, and the usual files are tried all the same") {
    host.ssh.key.reset();
    CHECK_THAT(refused_in_time(host), Contains("agent (no answer in 300 ms from " + agent.path + ")"));
    fs::create_directories(empty / ".ssh");
    fs::copy_file(sshd.user_key, empty / ".ssh/id_ed25519");
    World world;
    CHECK(world.refusal(host, std::chrono::seconds(4)) == "");
  }
  SECTION("leaves an encrypted key shut") {
    host.ssh.key = make_key(sshd.dir / "locked", "ed25519", "secret");
    CHECK_THAT(refused_in_time(host), Contains("needs a passphrase"));
  }
}

TEST_CASE("an agent that tells its keys and never signs") {
  const Sshd sshd;
  const TempDir empty;
  const Env home("HOME", empty.path.string());
  const auto blob = blob_of_public(read_file(sshd.user_key + ".pub"));
  REQUIRE(blob);
  const SilentAgent agent(sshd.dir / "agent", *blob);
  const Env env("SSH_AUTH_SOCK", agent.path);
  auto host = sshd.host();
  host.ssh.agent = true;
  host.ssh.key.reset();
  CHECK(refused_in_time(host) == "no answer in 600 ms (the ssh-agent at " + agent.path + " has not signed yet)");
}

TEST_CASE("a configuration of OpenSSH that includes a pipe is refused by its name") {
  const Sshd sshd;
  const TempDir home;
  const auto fifo = home / ".ssh/pipe";
  fs::create_directories(home / ".ssh/d");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  write_file(home / ".ssh/d/inner", "Include " + fifo + "\n");
  const Env as("HOME", home.path.string());
  for (const std::string& line : {"Include " + fifo, std::string("Include pipe"), std::string("include=~/.ssh/p*"),
                                  std::string("Host none\n  Include \"d/inner\""), "Include none d/* " + fifo}) {
    INFO(line);
    write_file(home / ".ssh/config", line + "\n");
    auto host = sshd.host();
    host.ssh.config.reset();
    CHECK(ask_openssh("ssh", host.ip, host.ssh).fault ==
          "OpenSSH's configuration is not read: " + fifo + ": it is a pipe; `ssh: {config: none}` does without it");
  }
  write_file(home / ".ssh/config", "Include loop\n");
  write_file(home / ".ssh/loop", "Include loop\n");
  CHECK_NOTHROW(ask_openssh("true", "127.0.0.1", {}));
}

TEST_CASE("files that never end") {
  const Sshd sshd;
  const auto fifo = sshd.dir / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const auto check = [&](const std::string& text, void (*name)(Host&, const std::string&)) {
    auto host = sshd.host();
    name(host, fifo);
    CHECK_THAT(refused_in_time(host), Contains(text));
  };
  check("tried publickey " + fifo + " (is a pipe)", [](Host& h, const std::string& f) { h.ssh.key = f; });
  check(fifo + " cannot be read: it is a pipe", [](Host& h, const std::string& f) { h.ssh.known_hosts = f; });
  check("the password file " + fifo + " cannot be read: it is a pipe",
        [](Host& h, const std::string& f) { h.ssh.password_file = f; });
  check("configuration is not read: " + fifo + ": it is a pipe",
        [](Host& h, const std::string& f) { h.ssh.config = f; });
}

TEST_CASE("a configuration whose commands never end") {
  const Sshd sshd;
  CHECK_THAT(refused_in_time(host_by(config_for(sshd, "Match exec \"sleep 600\"\n"))),
             Contains("ssh -G did not tell its configuration of web in 600 ms"));
}
