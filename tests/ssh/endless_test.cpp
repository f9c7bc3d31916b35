// What a host's engine, or the keeper of its lock, says without end is taken in up to a limit, and named then.
#include <sys/un.h>

#include <thread>

#include "catch.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// An engine on a Unix socket that answers what is asked, and `part` without end where a path has `endless` in it.
class EndlessEngine {
 public:
  EndlessEngine(std::string path, std::string endless, std::string part)
      : path_(std::move(path)), endless_(std::move(endless)), part_(std::move(part)) {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd_, 16) != 0)
      throw Error("cannot listen");
    thread_ = std::thread([this] { serve(); });
  }
  EndlessEngine(const EndlessEngine&) = delete;
  ~EndlessEngine() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

 private:
  // One request a connection, which is closed then.
  void serve() const {
    for (int one; (one = ::accept(fd_, nullptr, nullptr)) >= 0; ::close(one)) {
      std::string asked;
      char buffer[4096];
      while (asked.find("\r\n\r\n") == std::string::npos) {
        const auto got = ::recv(one, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        asked.append(buffer, static_cast<std::size_t>(got));
      }
      const auto line = asked.substr(0, asked.find("\r\n"));
      if (line.find(endless_) != std::string::npos) {
        send(one, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while (send(one, part_)) {
        }
        continue;
      }
      const std::string body = line.find("/version") != std::string::npos
                                   ? R"({"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"})"
                                   : R"({"Id":"e"})";
      send(one, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                    body);
    }
  }
  static bool send(int to, const std::string& text) {
    return ::send(to, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  std::string path_, endless_, part_;
  int fd_;
  std::thread thread_;
};

// A frame of Docker's log stream.
std::string frame(std::size_t size) {
  std::string head("\1\0\0\0", 4);
  for (const int shift : {24, 16, 8, 0}) head += static_cast<char>(size >> shift & 255);
  return head + std::string(size, 'x');
}

}  // namespace

TEST_CASE("what an engine says without end is cut off and named") {
  // Which of the two is met first for a pull is the machine's pace.
  constexpr const char* much = "( is more than 256 MiB|more than 64 MiB came faster than they could be read)$";
  struct Case {
    const char* endless;
    std::string part;
    std::function<Task<void>(Engine&)> ask;
    std::string said;
  };
  const auto logs = [](Engine& engine) -> Task<void> { co_await engine.logs("c", 100); };
  const std::vector<std::string> command = {"true"};
  const auto exec = [&](Engine& engine) -> Task<void> { co_await engine.exec("c", command); };
  const auto pull = [](Engine& engine) -> Task<void> { co_await engine.pull("a:1", {}); };
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "{\"id\":\"l" + std::to_string(i) + "\",\"status\":\"Waiting\"}\n";
  const std::vector<Case> cases = {
      {"/logs", frame(60000), logs, "^docker: the log is more than 64 MiB$"},
      {"/logs", frame(1) + frame(0), logs, "^docker: the log is more than 64 MiB$"},
      {"/logs", std::string("\1\0\0\0\0\0\0\1\n", 9), logs, "^docker: the log has more lines than were asked for$"},
      {"/logs", std::string("\1\0\0\0\xff\xff\xff\xff", 8) + std::string(60000, 'x'), logs,
       "^docker: the log is more than 64 MiB$"},
      {"/start", frame(60000), exec, "^docker: what the command printed is more than 8 MiB$"},
      {"/images/create", lines, pull, std::string("^docker: .*") + much},
      {"/images/create", std::string(60000, '{'), pull, "^docker: a line of a pull is longer than 1 MiB$"},
  };
  const TempDir dir;
  for (const auto& c : cases) {
    CAPTURE(c.endless, c.said, c.part.size());
    const auto socket = dir / "engine.sock";
    fs::remove(socket);
    const EndlessEngine server(socket, c.endless, c.part);
    auto host = shared_sshd().host();
    host.ssh.docker_host = "unix://" + socket;
    World world;
    auto door = world.connect(host);
    std::string said;
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      try {
        co_await c.ask(door->engine());
      } catch (const Error& error) {
        said = error.what();
      }
    };
    world.run(body, std::chrono::seconds(240));
    CHECK_THAT(said, Catch::Matches(c.said));
  }
}

TEST_CASE("a lock that answers without end is no lock") {
  World world;
  auto door = world.connect(shared_sshd().host());
  for (const auto* script : {"exec cat /dev/zero", "exec yes | tr -d '\\n'"}) {
    CAPTURE(script);
    const std::function<Task<void>()> body = [&]() -> Task<void> { co_await door->shell().hold(script); };
    CHECK_THROWS_WITH(world.run(body), Contains("the lock answered with more than a line"));
    CHECK_FALSE(door->shell().holding());
  }
  CHECK(world.shell(*door, "echo here").out == "here\n");
}
