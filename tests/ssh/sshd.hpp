// An sshd of our own on a free loopback port, with keys and known_hosts in a private directory. Ended by its pid.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "apply/doors.hpp"
#include "model/process_group.hpp"

namespace cctl::test {

namespace fs = std::filesystem;

struct TempDir {
  fs::path path;
  TempDir() {
    auto name = (fs::temp_directory_path() / "cctl-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error("no temporary directory");
    path = name;
  }
  ~TempDir() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string ran(const std::vector<std::string>& command) {
  const auto result = run_program(command, {.time = std::chrono::seconds(60)});
  if (result.status != 0) throw Error(command.front() + " failed: " + result.err + result.out);
  return result.out;
}

// A listening socket on a free port; listens for as long as it lives.
struct Listener {
  int fd, port = 0;
  explicit Listener(int backlog = 16) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, backlog) != 0)
      throw Error("cannot listen");
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(fd); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
};

inline int free_port() {
  return Listener().port;
}

inline bool answers(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(port));
  const bool yes = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return yes;
}

// A child that is ended with us, by its pid.
struct Child {
  pid_t pid = 0;
  explicit Child(std::vector<std::string> command) {
    std::vector<char*> argv;
    for (auto& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid = ::fork();
    if (pid < 0) throw Error("cannot start " + command[0]);
    if (pid > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // not left behind when a test is killed
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
};

struct Sshd {
  TempDir dir;
  int port = free_port();
  std::string user_key = dir / "user", known_hosts = dir / "known_hosts";
  std::unique_ptr<Child> child;

  // `settings` are more lines of sshd_config; `for_others`: accounts other than ours log in, too.
  explicit Sshd(const std::string& settings = "", bool for_others = false) {
    if (for_others) ::chmod(dir.path.c_str(), 0755);
    ::mkdir("/run/sshd", 0755);  // where sshd drops its privileges
    ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir / "host_ed25519"});
    ran({"ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", dir / "host_rsa"});
    ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", user_key});
    fs::copy_file(user_key + ".pub", dir / "authorized_keys");
    trust("ed25519");
    // What is given comes first, since sshd takes the first value of a setting.
    write_file(dir / "sshd_config", settings + "\nPort " + std::to_string(port) +
                                        "\nListenAddress 127.0.0.1\nHostKey " + (dir / "host_ed25519") + "\nHostKey " +
                                        (dir / "host_rsa") + "\nPidFile none\n" + "AuthorizedKeysFile " +
                                        (dir / "authorized_keys") + "\nStrictModes no\nUsePAM no\n" +
                                        "PermitRootLogin yes\nPrintMotd no\nLogLevel VERBOSE\n" +
                                        (settings.find("MaxStartups") == std::string::npos ? "MaxStartups 500\n" : ""));
    child = std::make_unique<Child>(
        std::vector<std::string>{"/usr/sbin/sshd", "-D", "-f", dir / "sshd_config", "-E", dir / "log"});
    for (int i = 0; i < 200 && !answers(port); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  std::string public_key(const std::string& type) const {
    std::istringstream words(read_file(dir / ("host_" + type + ".pub")));
    std::string name, key;
    words >> name >> key;
    return name + " " + key;
  }
  std::string name() const { return "[127.0.0.1]:" + std::to_string(port); }
  void trust(const std::string& type) const { write_file(known_hosts, name() + " " + public_key(type) + "\n"); }
  int accepted() const {  // logins so far
    const auto log = read_file(dir / "log");
    int count = 0;
    for (auto at = log.find("Accepted publickey"); at != std::string::npos; at = log.find("Accepted publickey", at + 1))
      ++count;
    return count;
  }

  Host host(const std::string& name = "here") const {
    Host h;
    h.name = name;
    h.address = "127.0.0.1";
    h.ssh.port = port;
    h.ssh.user = "root";
    h.ssh.key = user_key;
    h.ssh.agent = false;
    h.ssh.known_hosts = known_hosts;
    h.ssh.config = "none";
    return h;
  }
};

}  // namespace cctl::test
