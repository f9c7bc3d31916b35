// A configuration that is followed by us and by OpenSSH's own client, side by side.
#pragma once
#include <cstdlib>
#include <optional>

#include "run.hpp"

namespace cctl::test {

// An environment variable for as long as this lives.
struct Env {
  std::string name;
  std::optional<std::string> before;
  Env(const std::string& n, const std::string& value) : name(n) {
    if (const char* was = std::getenv(name.c_str())) before = was;
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Env() { before ? ::setenv(name.c_str(), before->c_str(), 1) : ::unsetenv(name.c_str()); }
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;
};

inline std::string make_key(const std::string& path, const std::string& type = "ed25519",
                            const std::string& passphrase = "") {
  ran({"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path});
  return path;
}

struct Agent {
  std::string socket;
  Env env;
  Child child;
  explicit Agent(const std::string& path)
      : socket(path), env("SSH_AUTH_SOCK", path), child({"ssh-agent", "-D", "-a", path}) {
    // 2: there is no agent yet.
    while (run_program({"ssh-add", "-l"}, {.time = std::chrono::seconds(60)}).status == 2)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  void add(const std::string& key) const { ran({"ssh-add", "-q", key}); }
};

// The host "web" as a file of OpenSSH's configuration; `lines` come before ours, so that they win.
inline std::string config_for(const Sshd& sshd, const std::string& lines, const std::string& rest = "") {
  const auto file = sshd.dir / "config";
  write_file(file, "Host web\n" + lines + "\n HostName 127.0.0.1\n Port " + std::to_string(sshd.port) +
                       "\n User root\n UserKnownHostsFile " + sshd.known_hosts +
                       "\n GlobalKnownHostsFile /dev/null\n StrictHostKeyChecking yes\n" + rest);
  return file;
}

struct Verdicts {
  std::string ours;      // "": logged in
  bool openssh = false;  // logged in
  bool agree() const { return ours.empty() == openssh; }
};

inline bool openssh_logs_in(const std::string& config, const std::string& host = "web") {
  return run_program({"ssh", "-F", config, "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", host, "true"},
                     {.time = std::chrono::seconds(60)})
             .status == 0;
}

inline Host host_by(const std::string& config, const std::string& address = "web") {
  Host host;
  host.name = host.address = address;
  host.ssh.config = config;
  return host;
}

// Both asked.
inline Verdicts both(const std::string& config, const std::string& address = "web") {
  Verdicts verdicts;
  World world;
  verdicts.ours = world.refusal(host_by(config, address));
  verdicts.openssh = openssh_logs_in(config, address);
  return verdicts;
}

}  // namespace cctl::test
