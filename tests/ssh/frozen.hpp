// A host that freezes: its sshd, and every process that this has started, stand still.
#pragma once
#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "sshd.hpp"

namespace cctl::test {

// A FIFO by which a command on the host tells that it has come so far.
struct Signpost {
  std::string path;
  explicit Signpost(std::string where) : path(std::move(where)) {
    if (::mkfifo(path.c_str(), 0666) != 0) throw Error("no FIFO");
  }
  // `text` with the FIFO's path for MARK.
  std::string in(std::string text) const {
    const auto at = text.find("MARK");
    return at == std::string::npos ? text : text.replace(at, 4, path);
  }
};

struct Frozen {
  pid_t root;
  std::string path;
  std::vector<pid_t> stopped;
  std::thread waiting;

  explicit Frozen(pid_t sshd) : root(sshd) {}
  ~Frozen() {
    if (const int fd = ::open(path.c_str(), O_WRONLY | O_NONBLOCK); fd >= 0) ::close(fd);  // it never came so far
    if (waiting.joinable()) waiting.join();
    // What was frozen ends with the host; sshd itself is ended by who has started it.
    for (const pid_t pid : stopped)
      if (pid != root) ::kill(pid, SIGKILL);
    ::kill(root, SIGCONT);
  }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

  void now() {
    std::vector<pid_t> found{root};
    for (std::size_t i = 0; i < found.size(); ++i) {
      ::kill(found[i], SIGSTOP);
      stopped.push_back(found[i]);
      for (const pid_t child : children(found[i])) found.push_back(child);
    }
  }
  // As soon as the host tells.
  void after(const Signpost& mark) {
    path = mark.path;
    waiting = std::thread([this] {
      read_file(path);
      now();
    });
  }

 private:
  static std::vector<pid_t> children(pid_t of) {
    std::vector<pid_t> out;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const auto name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      const auto stat = read_file(entry.path() / "stat");
      std::istringstream rest(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
      std::string state;
      pid_t parent = 0;
      if (rest >> state >> parent && parent == of) out.push_back(std::stoi(name));
    }
    return out;
  }
};

}  // namespace cctl::test
