// Hosts that are hardened, or noisy, or both: everything works over them, or what stands in the way is named.
#include "account.hpp"
#include "catch.hpp"
#include "remote/script.hpp"
#include "remote/wait.hpp"
#include "server.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

const std::string kAll = "ALL=(ALL) NOPASSWD: ALL";

struct Setup {
  std::string name;
  std::string sshd;   // more of sshd_config
  std::string shell;  // of the account
  std::map<std::string, std::string> files;
  std::string sudoers;
  std::string prints;  // what the login shell is heard to print
};

std::vector<Setup> that_work() {
  const std::map<std::string, std::string> noisy_bash = {{".bashrc", "echo hello from bash; echo warning >&2\n"}};
  const std::map<std::string, std::string> noisy_tcsh = {{".tcshrc", "echo hello from tcsh\n"}};
  const std::map<std::string, std::string> noisy_fish = {{".config/fish/config.fish", "echo hello from fish\n"}};
  const std::map<std::string, std::string> noisy_zsh = {{".zshenv", "echo hello from zsh\n"}};
  const std::map<std::string, std::string> unfinished = {{".bashrc", "printf 'no newline, 100%% busy: '\n"}};
  const std::map<std::string, std::string> shown = {{".bashrc", "set -xv\n"}};
  return {{"dash", "", "/bin/dash", {}, kAll, ""},
          {"bash that prints", "", "/bin/bash", noisy_bash, kAll, "hello from bash\n"},
          {"bash that prints half a line", "", "/bin/bash", unfinished, kAll, "no newline, 100% busy: "},
          {"bash that shows its commands", "", "/bin/bash", shown, kAll, ""},
          {"zsh", "", "/bin/zsh", noisy_zsh, kAll, "hello from zsh\n"},
          {"tcsh", "", "/bin/tcsh", {}, kAll, ""},
          {"tcsh that prints", "", "/bin/tcsh", noisy_tcsh, kAll, "hello from tcsh\n"},
          {"fish that prints", "", "/usr/bin/fish", noisy_fish, kAll, "hello from fish\n"},
          {"no TCP", "AllowTcpForwarding no", "/bin/bash", {}, kAll, ""},
          {"no forwarding", "DisableForwarding yes", "/bin/tcsh", noisy_tcsh, kAll, "hello from tcsh\n"},
          {"no sockets", "AllowStreamLocalForwarding no", "/bin/bash", {}, kAll, ""},
          {"one session", "MaxSessions 1", "/bin/bash", {}, kAll, ""},
          {"one session, no forwarding", "MaxSessions 1\nDisableForwarding yes", "/bin/bash", noisy_bash, kAll,
           "hello from bash\n"}};
}

Host host_of(const Sshd& sshd, const Account& account, bool sudo) {
  Host host = sshd.host();
  host.ssh.user = account.name;
  if (sudo) host.ssh.become = "sudo";
  return host;
}

ObservedHost observed(World& world, HostDoor& door, const std::string& path) {
  LookRequest request;
  request.cluster = "cctl-none";
  request.paths = request.content_paths = {path};
  return world.observe(door, request);
}

}  // namespace

TEST_CASE("everything works over hosts that are hardened or noisy, with and without sudo") {
  const auto setup = GENERATE(from_range(that_work()));
  const bool sudo = GENERATE(false, true);
  INFO(setup.name << (sudo ? ", sudo" : ""));
  const Account account(setup.shell, setup.files, setup.sudoers);
  const Sshd sshd(setup.sshd, true);
  SshOptions options;
  options.engine_socket = "/var/run/no-docker.sock";  // another test's
  World world(options);
  auto door = world.connect(host_of(sshd, account, sudo));

  CHECK(world.shell(*door, "id -u").out == (sudo ? "0\n" : ran({"id", "-u", account.name})));
  const auto both = world.shell(*door, "cat; echo \"it's\" '!' \\\\ >&2; exit 7", "line\n\xff\x01 end");
  CHECK(both.exit_status == 7);
  CHECK(both.out == "line\n\xff\x01 end");
  CHECK(both.err == "it's ! \\\n");
  std::string longest = "echo begin\n";
  for (int i = 0; i < 10000; ++i) longest += ": it's filling\n";
  CHECK(world.shell(*door, longest + "cat", "after").out == "begin\nafter");

  FileSpec file;
  file.path = account.home / "new";
  file.content = "what was put\n";
  file.owner = sudo ? "0:0" : account.name;
  world.put(*door, {}, {file});
  CHECK(read_file(file.path) == file.content);
  const auto seen = observed(world, *door, file.path);
  CHECK(seen.reachable);
  CHECK(seen.files.at(file.path).content == file.content);
  CHECK(seen.login_prints == setup.prints);

  const Listener open;
  const auto r = world.probe(*door, {probe(ProbeKind::tcp, open.port), probe(ProbeKind::tcp, free_port())});
  CHECK(r[0].seen == "open");
  CHECK(r[1].seen == "connection refused");

  const std::function<Task<void>()> hold = [&]() -> Task<void> {
    const auto said = co_await door->shell().hold("echo taken; while IFS= read -r x; do :; done");
    CHECK(said == "taken");
  };
  world.run(hold);
  CHECK(door->shell().holding());
}

TEST_CASE("what keeps our commands from beginning is named") {
  struct Row {
    std::string name, sshd, shell;
    std::map<std::string, std::string> files;
    std::string sudoers;
    bool sudo;
    std::string says;  // with USER for the account
  };
  const TempDir no_sudo;
  ::chmod(no_sudo.path.c_str(), 0755);
  fs::create_symlink("/bin/sh", no_sudo.path / "sh");
  const std::string ended = "the login shell of USER on here ended before our command ";
  for (
      const auto& row : std::vector<Row>{
          {"exit in .bashrc",
           "",
           "/bin/bash",
           {{".bashrc", "echo closed; exit 3\n"}},
           kAll,
           false,
           ended + "(exit status 3); it printed: closed"},
          {"the same with sudo",
           "",
           "/bin/bash",
           {{".bashrc", "echo closed; exit 3\n"}},
           kAll,
           true,
           ended + "(exit status 3); it printed: closed"},
          {"exit without a word",
           "",
           "/bin/tcsh",
           {{".tcshrc", "exec true\n"}},
           kAll,
           false,
           ended + "(exit status 0); it printed nothing"},
          {"nologin",
           "",
           "/usr/sbin/nologin",
           {},
           "",
           false,
           ended + "(exit status 1); it printed: This account is currently not available."},
          {"a forced command",
           "ForceCommand echo backups only",
           "/bin/bash",
           {},
           "",
           false,
           ended + "(exit status 0); it printed: backups only"},
          {"requiretty",
           "",
           "/bin/bash",
           {},
           kAll + "\nDefaults requiretty",
           true,
           "sudo wants a terminal for USER on here (requiretty): say Defaults:USER !requiretty in its sudoers"},
          {"sudo for docker only",
           "",
           "/bin/bash",
           {},
           "ALL=(ALL) NOPASSWD: /usr/bin/docker",
           true,
           "sudo does not let USER on here run every command, only /usr/bin/docker: it has to allow sh (USER ALL=(ALL) "
           "NOPASSWD: ALL), or log in as root"},
          {"sudo for docker only, tcsh",
           "",
           "/bin/tcsh",
           {},
           "ALL=(ALL) NOPASSWD: /usr/bin/docker",
           true,
           "sudo does not let USER on here run every command, only /usr/bin/docker: it has to allow sh (USER ALL=(ALL) "
           "NOPASSWD: ALL), or log in as root"},
          {"no rule",
           "",
           "/bin/bash",
           {},
           "",
           true,
           "sudo wants a password, and there is none: `password: prompt` or `password_file` in the inventory's ssh"},
          {"doas, no sudo",
           "SetEnv PATH=" + no_sudo.path.string(),
           "/bin/bash",
           {},
           "",
           true,
           "there is no sudo on here, which `become: sudo` wants: install it, or log in as root; doas and su are not "
           "used"},
          {"doas, no sudo, tcsh",
           "SetEnv PATH=" + no_sudo.path.string(),
           "/bin/tcsh",
           {},
           "",
           true,
           "there is no sudo on here, which `become: sudo` wants: install it, or log in as root; doas and su are not "
           "used"}}) {
    INFO(row.name);
    const Account account(row.shell, row.files, row.sudoers);
    const Sshd sshd(row.sshd, true);
    World world;
    auto door = world.connect(host_of(sshd, account, row.sudo));
    std::string wanted = row.says;
    for (auto at = wanted.find("USER"); at != std::string::npos; at = wanted.find("USER"))
      wanted.replace(at, 4, account.name);
    const auto said = [&](const std::function<void()>& what) -> std::pair<std::string, int> {
      try {
        what();
      } catch (const Error& error) {
        return {error.what(), error.exit_code()};
      }
      return {"nothing", 0};
    };
    const auto command = said([&] { world.shell(*door, "echo hello"); });
    CHECK(command.first == wanted);
    CHECK(command.second == 3);
    CHECK(said([&] { observed(world, *door, "/etc/hostname"); }).first == wanted);
    CHECK(said([&] {
            FileSpec file;
            file.path = "/etc/cctl";
            world.put(*door, {}, {file});
          }).first == wanted);
    const auto held = said([&] {
      const std::function<Task<void>()> hold = [&]() -> Task<void> { co_await door->shell().hold("echo held"); };
      world.run(hold);
    });
    CHECK(held.first == wanted);
  }
}

TEST_CASE("a lease on the only session is told of, with the setting") {
  const Sshd sshd("MaxSessions 1");
  World world;
  auto door = world.connect(sshd.host("m1"));
  const std::function<Task<void>()> hold = [&]() -> Task<void> {
    const auto said = co_await door->shell().hold("echo held; while IFS= read -r x; do :; done");
    CHECK(said == "held");
  };
  world.run(hold);
  CHECK_THROWS_WITH(world.shell(*door, "true"),
                    "sshd of m1 opens no session beside the 1 that this connection has: MaxSessions in its sshd_config "
                    "is too small (2 is the least, 10 its default)");
}

TEST_CASE("sshd that hangs up on one login too many is tried once more, and named") {
  // What sshd does beyond MaxStartups.
  const Listener listener;
  std::atomic<int> knocks{0};
  std::atomic<bool> over{false};
  std::thread hangs_up([&] {
    while (!over) {
      pollfd ready{listener.fd, POLLIN, 0};
      if (::poll(&ready, 1, 20) <= 0) continue;
      const int fd = ::accept(listener.fd, nullptr, nullptr);
      const std::string word = "Exceeded MaxStartups\r\n";
      ::send(fd, word.data(), word.size(), MSG_NOSIGNAL);
      ::close(fd);
      ++knocks;
    }
  });
  World world;
  auto host = shared_sshd().host();
  host.ssh.port = listener.port;
  const auto said = world.refusal(host);
  over = true;
  hangs_up.join();
  CHECK_THAT(said, Contains("sshd hung up before the login, twice (MaxStartups in its sshd_config, or a ban): "));
  CHECK(knocks == 2);
}

TEST_CASE("an engine behind one session at a time, with everything that wants one", "[docker]") {
  const char* settings = GENERATE("MaxSessions 1\nDisableForwarding yes", "MaxSessions 2\nDisableForwarding yes",
                                  "MaxSessions 1\nAllowStreamLocalForwarding no");
  INFO(settings);
  const Account account("/bin/tcsh", {{".tcshrc", "echo hello from tcsh\n"}}, kAll);
  const Sshd sshd(settings, true);
  World world;
  auto door = world.connect(host_of(sshd, account, true));
  for (int look = 0; look < 2; ++look) {
    const auto seen = observed(world, *door, "/etc/hostname");
    CHECK(seen.engine_error == "");
    CHECK_FALSE(seen.engine_version.empty());
    const std::function<Task<void>()> many = [&]() -> Task<void> {
      std::vector<Task<void>> tasks;
      auto inspect = [](HostDoor& host) -> Task<void> {
        const auto info = co_await host.engine().inspect("cctl-no-such-container");
        CHECK(info.state == "missing");
      };
      auto command = [](HostDoor& host) -> Task<void> {
        const auto result = co_await host.shell().run("echo here", "");
        CHECK(result.out == "here\n");
      };
      for (int i = 0; i < 3; ++i) tasks.push_back(inspect(*door)), tasks.push_back(command(*door));
      co_await together(world.loop, std::move(tasks));
    };
    world.run(many);
  }
}

TEST_CASE("the same line means the same to every shell, whatever the script holds") {
  std::string script = "cat <<'E'\n";
  for (int c = 1; c < 256; ++c)
    if (c != '\r') script += static_cast<char>(c);
  script += "\n`x` $(y) \\n \\\\ %s !! '\"'\nE\n";
  const std::string said = script.substr(10, script.size() - 10 - 2);
  for (const char* shell : {"sh", "bash", "dash", "zsh", "tcsh", "fish"}) {
    INFO(shell);
    const auto mark = new_mark();
    const auto how = invocation(Access{}, script, mark, 60);
    const auto result = run_program({"env", "LC_ALL=C", shell, "-c", how.line}, {.time = std::chrono::seconds(20)});
    CHECK(result.out == mark.line() + said);
    CHECK(result.err == mark.line());
  }
}
