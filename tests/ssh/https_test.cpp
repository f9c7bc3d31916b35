// Probes by https, with a method and a body: through sshd, and by a program of the host where sshd lets nobody dial.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "account.hpp"
#include "catch.hpp"
#include "server.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// Answers what it was asked, inside TLS, with a certificate that nobody else has signed.
const char* const kServer = R"py(
import json, socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
def answer(connection):
    try:
        with context.wrap_socket(connection, server_side=True) as s:
            got = b""
            while b"\r\n\r\n" not in got:
                got += s.recv(65536)
            head, body = got.split(b"\r\n\r\n", 1)
            length = [int(l.split(b":")[1]) for l in head.split(b"\r\n") if l.lower().startswith(b"content-length:")]
            while len(body) < sum(length):
                body += s.recv(65536)
            told = json.dumps({"method": head.split()[0].decode(), "body": body.decode()})
            s.sendall(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(told), told)).encode())
    except (OSError, ValueError):
        pass
listener = socket.socket(fileno=3)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
)py";

struct TlsServer {
  TempDir dir;
  Listener listener{64};  // connections wait in it until the program has come so far
  pid_t child = 0;

  TlsServer() {
    const std::string pem = dir / "pem";
    REQUIRE(std::system(("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=nobody -days 2 -keyout " + pem +
                         ".key -out " + pem + ".crt >/dev/null 2>&1 && cat " + pem + ".key " + pem + ".crt >" + pem)
                            .c_str()) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, listener.fd, 3);
    std::string python = "/usr/bin/python3", flag = "-c", script = kServer, file = pem;
    char* const words[] = {python.data(), flag.data(), script.data(), file.data(), nullptr};
    REQUIRE(posix_spawn(&child, python.c_str(), &actions, nullptr, words, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~TlsServer() {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  Probe asked(const std::string& method, const std::string& body) const {
    Probe p = probe(ProbeKind::http, listener.port);
    p.tls = true;
    p.method = method;
    p.body = body;
    p.extract["method"].json = "/method";
    p.extract["body"].json = "/body";
    p.timeout = std::chrono::seconds(20);
    return p;
  }
};

using Values = std::map<std::string, std::string>;

// These programs and no others, as a host's PATH.
std::string only(const TempDir& dir, std::vector<std::string> names) {
  for (const char* always : {"sh", "timeout", "dd", "od", "base64", "awk", "cat", "head"}) names.push_back(always);
  for (const auto& name : names)
    for (const char* from : {"/usr/bin/", "/bin/"})
      if (!fs::exists(dir.path / name) && fs::exists(from + name)) fs::create_symlink(from + name, dir.path / name);
  ::chmod(dir.path.c_str(), 0755);
  return "\nSetEnv PATH=" + dir.path.string();
}

}  // namespace

TEST_CASE("https, a method and a body through sshd") {
  const TlsServer server;
  World world;
  auto door = world.connect(shared_sshd().host());
  auto plain = server.asked("GET", "");
  plain.tls = false;
  plain.timeout = std::chrono::milliseconds(2000);
  const auto r = world.probe(
      *door, {server.asked("GET", ""), server.asked("POST", "{\"a\": 1}"), server.asked("PUT", "{}"), plain});
  CHECK(r[0].values == Values{{"method", "GET"}, {"body", ""}});
  CHECK(r[1].values == Values{{"method", "POST"}, {"body", "{\"a\": 1}"}});
  CHECK(r[2].values == Values{{"method", "PUT"}, {"body", "{}"}});
  CHECK_FALSE(r[3].ok);
}

TEST_CASE("https from the host itself, where something there speaks it; else nobody knows") {
  struct Row {
    std::vector<std::string> programs;
    std::string lacks;
  };
  const auto row = GENERATE(Row{{"bash", "openssl"}, ""}, Row{{"bash"}, "no openssl to speak TLS with"},
                            Row{{"python3"}, ""}, Row{{"perl"}, "a perl that speaks no TLS"});
  INFO(row.programs.front() << " " << row.lacks);
  const TlsServer server;
  const TempDir dir;
  const Sshd closed("AllowTcpForwarding no" + only(dir, row.programs), true);
  const Account account("/bin/dash", {});
  World world;
  auto host = closed.host("web1");
  host.ssh.user = account.name;
  auto door = world.connect(host);
  const auto r = world.probe(*door, {server.asked("GET", ""), server.asked("POST", "{\"a\": 1}")});
  for (const auto& one : r) {
    CHECK(one.asked == row.lacks.empty());
    if (!row.lacks.empty())
      CHECK(one.seen ==
            "sshd of web1 forbids forwarding (AllowTcpForwarding, DisableForwarding), and the host has " + row.lacks);
  }
  if (!row.lacks.empty()) return;
  CHECK(r[0].values == Values{{"method", "GET"}, {"body", ""}});
  CHECK(r[1].values == Values{{"method", "POST"}, {"body", "{\"a\": 1}"}});
}
